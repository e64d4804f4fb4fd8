"""A closed outline to a soft mask, with antialiasing."""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array, Box, Mask

SUPERSAMPLE = 4
FAINTEST = 16  # of 255: less coverage than this is invisible, and would only widen what counts as touched


def draw(points: Array, size: tuple[int, int], softness: float) -> Mask | None:
    """A closed outline (n, 2) in photo pixels to a soft mask; None unless most of it lies inside a photo of this size.

    softness: standard deviation of the edge in pixels.
    """
    margin = int(np.ceil(3 * softness)) + 1
    low = np.floor(points.min(0)).astype(int) - margin
    high = np.ceil(points.max(0)).astype(int) + margin
    shape = (high - low)[::-1]
    big = np.zeros(tuple(shape * SUPERSAMPLE), np.uint8)
    cv2.fillPoly(big, [np.round((points - low) * SUPERSAMPLE).astype(np.int32)], (255,))
    whole = cv2.resize(big, tuple(int(n) for n in shape[::-1]), interpolation=cv2.INTER_AREA)
    whole = cv2.GaussianBlur(whole, (0, 0), softness)
    whole[whole < FAINTEST] = 0
    (x0, y0), (x1, y1) = np.maximum(low, 0), np.minimum(high, size[::-1])
    if x0 >= x1 or y0 >= y1:
        return None
    alpha = whole[y0 - low[1] : y1 - low[1], x0 - low[0] : x1 - low[0]]
    if int(alpha.sum()) * 2 < int(whole.sum()) or not alpha.any():
        return None
    return Mask(np.ascontiguousarray(alpha), Box(int(x0), int(y0), int(x1), int(y1)))


def smooth_closed(points: Array, factor: int = 4) -> Array:
    """(n, 2) to (factor·n, 2): a periodic Catmull-Rom spline through the points."""
    before, after, beyond = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
    t = (np.arange(factor) / factor)[None, :, None]
    a, b, c, d = (p[:, None] for p in (before, points, after, beyond))
    spline = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    closed: Array = spline.reshape(-1, 2)
    return closed
