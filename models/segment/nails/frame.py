"""The turned square around one nail, in which the refiner sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, sin

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

    def near(self, other: Frame, within: tuple[float, float, float]) -> bool:
        """Whether both show nearly the same; within: distance over the larger side, ratio of sides, radians."""
        distance, ratio, angle = within
        large, small = max(self.side, other.side), min(self.side, other.side)
        return (
            hypot(self.x - other.x, self.y - other.y) <= distance * large
            and large <= ratio * small
            and cos(self.up - other.up) >= cos(angle)
        )

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
        reach = 0.71 * self.side + 4
        height, width = rgb.shape[:2]
        x0, y0 = (
            int(np.clip(middle - reach, 0, most - 1)) for middle, most in ((self.x, width), (self.y, height))
        )
        x1, y1 = (
            int(np.clip(middle + reach, 1, most)) for middle, most in ((self.x, width), (self.y, height))
        )
        near = rgb[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
        moved = replace(self, x=self.x - x0, y=self.y - y0)
        out: Array = sampled(near, moved.matrix(size), (size, size), border)
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
