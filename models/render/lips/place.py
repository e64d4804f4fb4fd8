"""A mouth as a place to paint: where each pixel lies between the line of the mouth and the lips' outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.segment.mouth import INNER, OUTER
from models.segment.polygon import smooth_closed
from models.types import Array, Box

MOUTH_MM = 50.0
FINER = 4  # points of an outline for each landmark
THINNEST = 0.02  # mouth widths: of a lip at its corners


@dataclass(frozen=True, slots=True)
class LipPlace:
    """All (h, w) float32. x: 0 to 1 from the right corner to the left; across: 0 at the line of the mouth, 1 at the
    outline; upper: 1 on the upper lip, 0 on the lower; from_edge: mouth widths to the outline; width: pixels.
    """

    x: Array
    across: Array
    upper: Array
    from_edge: Array
    width: float

    @classmethod
    def of(cls, landmarks: Array, box: Box) -> Self:
        """The places of a box's pixels on the lips of a mesh."""
        points = landmarks[:, :2].astype(np.float32)
        corner, along = points[61], points[291] - points[61]
        width = max(float(np.hypot(*along)), 1.0)
        along = along / np.float32(width)
        up = np.array([along[1], -along[0]], np.float32)
        if float(up @ (points[0] - points[17])) < 0:
            up = -up
        px, py = np.meshgrid(
            np.arange(box.x0, box.x1, dtype=np.float32) + 0.5 - corner[0],
            np.arange(box.y0, box.y1, dtype=np.float32) + 0.5 - corner[1],
        )
        x, y = ((px * way[0] + py * way[1]) / np.float32(width) for way in (along, up))

        def heights(ring: tuple[int, ...]) -> tuple[Array, Array]:
            """Of the ring's upper and its lower half."""
            smooth = smooth_closed(points[list(ring)], FINER)
            half = len(smooth) // 2
            return height(smooth[: half + 1]), height(np.concatenate([smooth[half:], smooth[:1]]))

        def height(line: Array) -> Array:
            away = line - corner
            places = np.stack([away @ along, away @ up], axis=1) / width
            places = places[np.argsort(places[:, 0], kind="stable")]
            found: Array = np.interp(x, places[:, 0], places[:, 1]).astype(np.float32)
            return found

        (top, bottom), (inner_top, inner_bottom) = heights(OUTER), heights(INNER)
        upper = np.clip(0.5 + (y - (inner_top + inner_bottom) / 2) * np.float32(width) / 2, 0, 1)
        above = (y - inner_top) / np.maximum(top - inner_top, THINNEST)
        below = (inner_bottom - y) / np.maximum(inner_bottom - bottom, THINNEST)
        across = np.clip(np.where(upper > 0.5, above, below), 0, 1)
        # Lips slope at their ends, where straight down is further than the way to the outline.
        steep = np.minimum(1.0, 0.45 + 3.0 * np.minimum(x, 1 - x).clip(0, 1))
        from_edge = np.maximum(np.where(upper > 0.5, top - y, y - bottom), 0) * steep
        return cls(x, across, upper, from_edge, width)
