"""What a renderer of one kind of layer offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from models.types import Array, Scan


class Part(Enum):
    """What of a photo a layer is drawn on."""

    NAILS = "nails"
    LIPS = "lips"
    HAIR = "hair"


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a layer came out. count: places painted; missing: places asked for but not seen; confidence: mean, 0 to 1."""

    count: int
    missing: int
    confidence: float


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
