"""The turned square around one nail, in which the refiner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import cv2
import numpy as np

from models.types import Array

MARGIN = 2.2
"""Side of the square over the nail's longer side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Centre and side in pixels; up: the picture's direction (radians, y down) that the crop shows as upwards."""

    x: float
    y: float
    side: float
    up: float

    def matrix(self, size: int, mirrored: bool = False) -> Array:
        """(2, 3) map from the picture's pixel centres to those of a size x size crop."""
        scale = size / self.side
        c, s = cos(self.up), sin(self.up)
        # The direction (c, s) becomes (0, -1); (-s, c), a quarter turn clockwise from it, becomes (1, 0).
        rows = scale * np.array([[-s, c], [-c, -s]])
        if mirrored:
            rows[0] = -rows[0]
        shift = (size - 1) / 2 - rows @ np.array([self.x, self.y])
        return np.concatenate([rows, shift[:, None]], 1)

    def crop(self, rgb: Array, size: int, border: int = cv2.BORDER_REPLICATE) -> Array:
        """(size, size, 3) of a picture; far larger sources are halved first so that they do not alias."""
        out: Array = sampled(rgb, self.matrix(size), (size, size), border)
        return out


def sampled(rgb: Array, matrix: Array, shape: tuple[int, int], border: int) -> Array:
    """Warp a picture by a (2, 3) matrix to (h, w), halving it first while the matrix shrinks by more than 1.7."""
    matrix = np.array(matrix, np.float64)
    while np.hypot(matrix[0, 0], matrix[1, 0]) < 0.6 and min(rgb.shape[:2]) > 16:
        rgb = cv2.resize(rgb, (rgb.shape[1] // 2, rgb.shape[0] // 2), interpolation=cv2.INTER_AREA)
        # Pixel centres: x = 2 x' + 0.5.
        matrix[:, 2] += matrix[:, :2].sum(1) * 0.5
        matrix[:, :2] *= 2
    out: Array = cv2.warpAffine(
        rgb,
        matrix,
        (shape[1], shape[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=(114, 114, 114),
    )
    return out
