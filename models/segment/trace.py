"""From a fitted plate to a soft mask: the outline is pulled to the edges nearby, then drawn with antialiasing."""

from __future__ import annotations

import cv2
import numpy as np

from models.segment import outline
from models.segment.fingertip import Fingertip
from models.segment.fit import Evidence, edges_beside
from models.types import Array, Box, Mask

REACH = np.linspace(-0.12, 0.12, 9, dtype=np.float32)  # nail widths that a point may move along its normal
INSET = 0.012  # nail widths: polish stops a hair short of the skin
STIFFNESS = 12.0  # loss of strength per squared nail width moved
SUPERSAMPLE = 4
FAINTEST = 16  # of 255: less coverage than this is invisible, and would only widen what counts as touched
_ALONG = np.array([1, 2, 3, 2, 1], np.float32) / 9  # neighbours move together


def _smooth_ring(values: Array) -> Array:
    """Circular smoothing along the first axis."""
    shifts = range(-2, 3)
    total: Array = sum(
        weight * np.roll(values, shift, axis=0) for weight, shift in zip(_ALONG, shifts, strict=True)
    )
    return total


def pulled(seen: Evidence, plate: Array) -> tuple[Array, Array]:
    """The plate's outline moved to the strongest edge nearby; v and u, each (POINTS,)."""
    v, u = (axis[0] for axis in outline.points(plate[None]))
    nv, nu = (axis[0] for axis in outline.normals(plate[None]))
    strength = _smooth_ring(edges_beside(seen, v, u, nv, nu, REACH)) - STIFFNESS * REACH**2
    move = _smooth_ring(REACH[strength.argmax(axis=1)]) - INSET
    return v + move * nv, u + move * nu


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


def outline_in_photo(tip: Fingertip, seen: Evidence, plate: Array) -> Array:
    """The pulled outline as a fine polygon (n, 2) in photo pixels."""
    return smooth_closed(tip.to_photo(*pulled(seen, plate)))
