"""The value types that every step speaks. Pixels: x to the right, y down, origin at the photo's top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from looks.finger import Finger, HandName, HandSide

Array = NDArray[Any]


class ShapeError(ValueError):
    """An array of the wrong shape; says both."""

    def __init__(self, name: str, expected: tuple[int | str, ...], got: tuple[int, ...]) -> None:
        super().__init__(f"{name}: expected {expected}, got {got}")


@dataclass(frozen=True, slots=True)
class Box:
    """Half-open pixel rectangle [x0, x1) × [y0, y1) inside a photo."""

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if not (0 <= self.x0 < self.x1 and 0 <= self.y0 < self.y1):
            raise ValueError(f"an empty or negative box: {self}")

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.y1 - self.y0, self.x1 - self.x0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the box in an (h, w, …) array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


@dataclass(frozen=True, slots=True)
class Photo:
    """A decoded, upright picture. rgb: (h, w, 3) uint8, sRGB."""

    rgb: Array

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ShapeError("rgb", ("h", "w", 3), self.rgb.shape)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.rgb.shape[0], self.rgb.shape[1]


@dataclass(frozen=True, slots=True)
class Mask:
    """Soft coverage of one region. alpha: (h, w) uint8, 0 to 255; box: its place in the photo."""

    alpha: Array
    box: Box

    def __post_init__(self) -> None:
        if self.alpha.shape != self.box.shape or self.alpha.dtype != np.uint8:
            raise ShapeError("alpha", self.box.shape, self.alpha.shape)


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand.

    landmarks: (21, 3) float32, x and y in photo pixels, z in the same unit, growing away from the
    camera (MediaPipe's order).
    """

    landmarks: Array
    name: HandName
    side: HandSide
    score: float

    def __post_init__(self) -> None:
        if self.landmarks.shape != (21, 3):
            raise ShapeError("landmarks", (21, 3), self.landmarks.shape)


@dataclass(frozen=True, slots=True)
class Nail:
    """One nail plate.

    axis: (2, 2) float32, middle of the cuticle then middle of the free edge, photo pixels; hand:
    index in Scan.hands.
    """

    mask: Mask
    axis: Array
    width_px: float
    confidence: float
    hand: int | None = None
    finger: Finger | None = None

    def __post_init__(self) -> None:
        if self.axis.shape != (2, 2):
            raise ShapeError("axis", (2, 2), self.axis.shape)


@dataclass(frozen=True, slots=True)
class Face:
    """One face.

    landmarks: (468 or 478, 3) float32 in photo pixels (MediaPipe's face mesh); box: the face,
    inside the photo.
    """

    landmarks: Array
    box: Box
    score: float

    def __post_init__(self) -> None:
        if self.landmarks.shape not in ((468, 3), (478, 3)):
            raise ShapeError("landmarks", ("468 or 478", 3), self.landmarks.shape)


@dataclass(frozen=True, slots=True)
class Lips:
    """Lips of one face without the mouth's opening. face: index in Scan.faces."""

    mask: Mask
    face: int


@dataclass(frozen=True, slots=True)
class Skin:
    """What nothing hides of one face, its eyes, brows and lips with it. face: index in Scan.faces."""

    mask: Mask
    face: int


@dataclass(frozen=True, slots=True)
class Hair:
    """The hair of one head, down to single strands.

    mask: matte at the photo's size; face: index in Scan.faces, None for a head seen from behind; confidence: 0 to 1.
    """

    mask: Mask
    face: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Illuminant:
    """The colour of a photo's light. gains: linear RGB relative to D65, luminance 1; confidence: 0 to 1."""

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    confidence: float = 0.0

    @property
    def linear(self) -> Array:
        """(3,) float32 gains."""
        return np.array(self.gains, np.float32)


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a photo, in parts made on demand.

    None says that nobody has looked yet, () that nothing is there.
    """

    hands: tuple[Hand, ...] | None = None
    nails: tuple[Nail, ...] | None = None
    faces: tuple[Face, ...] | None = None
    lips: tuple[Lips, ...] | None = None
    hair: tuple[Hair, ...] | None = None
    illuminant: Illuminant | None = None
    skin: tuple[Skin, ...] | None = None
