"""The brows of a face mesh: the two outlines that it draws round the hair above the eyes."""

from __future__ import annotations

import numpy as np

from models.segment.polygon import draw, smooth_closed
from models.types import Array, Face, Mask

# MediaPipe's face mesh, from the outer end over the upper edge and back below.
RIGHT = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
LEAST_WIDTH_PX = 6


def brow_masks(size: tuple[int, int], face: Face) -> tuple[Mask, ...]:
    """Soft masks of the right and of the left brow in a photo of (height, width); those that lie inside it."""
    drawn = (_drawn(size, face.landmarks[list(outline), :2]) for outline in (RIGHT, LEFT))
    return tuple(mask for mask in drawn if mask is not None)


def _drawn(size: tuple[int, int], outline: Array) -> Mask | None:
    width = float(np.linalg.norm(outline[0] - outline[4]))
    if width < LEAST_WIDTH_PX:
        return None
    return draw(smooth_closed(outline.astype(np.float64)), size, 0.5 + 0.01 * width)
