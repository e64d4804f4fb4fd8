"""What a renderer of one kind of layer offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from looks.hair_formula import HairFeasibility
from models.types import Array, Illuminant, Scan


class Part(Enum):
    """What of a photo a layer is drawn on."""

    NAILS = "nails"
    LIPS = "lips"
    BASE = "base"
    CHEEKS = "cheeks"
    EYES = "eyes"
    BROWS = "brows"
    HAIR = "hair"


ON_SKIN = frozenset({Part.BASE, Part.CHEEKS, Part.EYES, Part.BROWS})
ON_FACES = ON_SKIN | {Part.LIPS, Part.HAIR}


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a layer came out. count: places painted; missing: places asked for but not seen; confidence: mean, 0 to 1.

    feasibility: what a hair colour takes on the largest head.
    """

    count: int
    missing: int
    confidence: float
    feasibility: HairFeasibility | None = None


class Renderer(Protocol):
    """Draws one kind of layer; layer is always of the kind it is registered for."""

    @property
    def part(self) -> Part: ...

    def supports(self, layer: Any) -> bool:
        """Whether finish, style and shape of this layer can be drawn."""
        ...

    def draw(self, canvas: Array, scan: Scan, layer: Any) -> Drawn:
        """Paint into the canvas (h, w, 3) uint8, inside the scan's masks only."""
        ...


def light_of(scan: Scan) -> Array:
    """(3,) float32 gains of the photo's light."""
    return (scan.illuminant or Illuminant()).linear
