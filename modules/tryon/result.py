"""What a worker leaves behind: facts about each look, and the keys of its pictures in storage."""

from __future__ import annotations

from msgspec import Struct


class LayerOutcome(Struct, frozen=True):
    """How one layer fared: applied, not_found, occluded or unsupported; advice says how to take a better photo."""

    kind: str
    status: str
    confidence: float
    advice: str = ""


class RenderedLook(Struct, frozen=True):
    """One look on the photo. objects: storage keys by output name (full, preview, thumbnail)."""

    name: str
    layers: tuple[LayerOutcome, ...]
    objects: dict[str, str]


class Result(Struct, frozen=True):
    """A finished try-on. before: key of the stripped original, kept only under a consent to share or record it."""

    width_px: int
    height_px: int
    renders: tuple[RenderedLook, ...]
    before: str | None = None

    @property
    def found(self) -> bool:
        """Whether any layer of any look could be drawn."""
        return any(layer.status == "applied" for render in self.renders for layer in render.layers)
