"""Turned squares of a photo: cut out for a network, and its answers brought back to the photo's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, cos, hypot, sin

import cv2
import numpy as np

from models.types import Array


@dataclass(frozen=True, slots=True)
class Square:
    """A square in photo pixels. x, y: its centre; side: its edge; angle: radians turned clockwise."""

    x: float
    y: float
    side: float
    angle: float = 0.0

    def to_photo(self, scale: float = 1.0) -> Array:
        """(2, 3) float64 affine map from the square, as [0, scale]² with y down, to photo pixels."""
        c, s = cos(self.angle) * self.side / scale, sin(self.angle) * self.side / scale
        turn = np.array([[c, -s], [s, c]])
        return np.column_stack([turn, np.array([self.x, self.y]) - turn @ np.full(2, scale / 2)])

    def place(self, points: Array) -> Array:
        """(n, 2 or 3) points of the unit square to photo pixels; z is scaled by the side."""
        to_photo = self.to_photo()
        placed = points * self.side
        placed[:, :2] = points[:, :2] @ to_photo[:, :2].T + to_photo[:, 2]
        return placed

    def distance(self, other: Square) -> float:
        """Pixels between the two centres."""
        return hypot(self.x - other.x, self.y - other.y)


class Pyramid:
    """A photo and its halves, made when needed, so that a crop never skips pixels. rgb: (h, w, 3) uint8."""

    def __init__(self, rgb: Array) -> None:
        self._levels = [rgb]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self._levels[0].shape[0], self._levels[0].shape[1]

    def whole(self, angle: float = 0.0, scale: float = 1.0) -> Square:
        """The smallest upright square around the photo, turned by `angle` and grown by `scale`."""
        height, width = self.size
        return Square(width / 2, height / 2, max(height, width) * scale, angle)

    def tiles(self, share: float) -> list[Square]:
        """Squares of this share of the longer side that cover the photo, each half over its neighbour or more."""
        side = max(self.size) * share
        rows, columns = (
            np.linspace(side / 2, edge - side / 2, ceil((edge - side / 2) / side) + 1)
            if edge > side
            else [edge / 2]
            for edge in self.size
        )
        return [Square(float(x), float(y), side) for y, x in product(rows, columns)]

    def crop(self, square: Square, side: int, *, border: int) -> Array:
        """(side, side, 3) uint8, bilinear; border: cv2.BORDER_CONSTANT (black) or BORDER_REPLICATE."""
        level = self._level(square.side / side)
        to_photo = square.to_photo(side)
        shrink = np.array([level.shape[1] / self.size[1], level.shape[0] / self.size[0]])[:, None]
        to_level = to_photo * shrink
        # OpenCV counts from the middle of the first pixel, we from its corner.
        to_level[:, 2] += to_level[:, :2] @ np.full(2, 0.5) - 0.5
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        crop: Array = cv2.warpAffine(level, to_level, (side, side), flags=flags, borderMode=border)
        return crop

    def _level(self, step: float) -> Array:
        """The copy in which one pixel of the crop spans at most two; `step` is its span in the photo."""
        depth = 0
        while step / 2**depth > 2 and min(self._levels[depth].shape[:2]) > 1:
            depth += 1
            if depth == len(self._levels):
                height, width = self._levels[-1].shape[:2]
                half = ((width + 1) // 2, (height + 1) // 2)
                self._levels.append(cv2.resize(self._levels[-1], half, interpolation=cv2.INTER_AREA))
        return self._levels[depth]
