"""What a worker leaves behind: facts about each look, and the keys of its pictures in storage."""

from __future__ import annotations

from msgspec import Struct

from looks.hair_formula import HairFeasibility


class LayerOutcome(Struct, frozen=True):
    """How one layer fared: applied, not_found, occluded or unsupported; advice says how to take a better photo.

    feasibility: what a hair colour takes on this head, as far as the photo tells; null for other layers.
    """

    kind: str
    status: str
    confidence: float
    advice: str = ""
    feasibility: HairFeasibility | None = None


class RenderedLook(Struct, frozen=True):
    """One look on the photo. objects: storage keys by output name (full, preview, thumbnail); sha256: their contents'.

    A look that was drawn before contents were hashed has no hashes.
    """

    name: str
    layers: tuple[LayerOutcome, ...]
    objects: dict[str, str]
    sha256: dict[str, str] = {}


class Result(Struct, frozen=True):
    """A finished try-on. before: key of the stripped original, kept only under a consent to share or record it."""

    width_px: int
    height_px: int
    renders: tuple[RenderedLook, ...]
    before: str | None = None
    before_sha256: str | None = None

    @property
    def found(self) -> bool:
        """Whether any layer of any look could be drawn."""
        return any(layer.status == "applied" for render in self.renders for layer in render.layers)

    @property
    def largest(self) -> dict[str, str]:
        """Keys of the pictures that smaller ones are made of: `before`, and each look's full size by its number."""
        found = {"before": self.before} if self.before else {}
        looks = enumerate(self.renders)
        return found | {str(number): look.objects["full"] for number, look in looks if "full" in look.objects}
