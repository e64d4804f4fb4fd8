"""The lips of a face mesh: its outer contour less the mouth's opening and less what hides it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.segment.mouth import INNER, OUTER, Mouth
from models.segment.polygon import FAINTEST, draw, smooth_closed
from models.types import Array, Face, Lips, Mask, Photo

UPPER_MIDDLE, LOWER_MIDDLE, CORNERS = 13, 14, (61, 291)
OPEN = 0.025  # of the mouth's width: a narrower gap is a closed mouth's own dark line
RESERVE = 0.004  # of the mouth's width, left free along the opening
LEAST_WIDTH_PX = 8


class LipMesh:
    """Cuts soft lip masks out of face meshes."""

    def segment(self, photo: Photo, faces: Sequence[Face]) -> tuple[Lips, ...]:
        """One mask per face whose mouth lies inside the photo, is at least 8 px wide and can be seen."""
        found = ((index, _visible(photo, face.landmarks)) for index, face in enumerate(faces))
        return tuple(Lips(mask, index) for index, mask in found if mask is not None)


def _visible(photo: Photo, landmarks: Array) -> Mask | None:
    mask = _mask(photo.size, landmarks[:, :2].astype(np.float64))
    mouth = Mouth.of(photo, landmarks) if mask else None
    if mask is None or mouth is None or not mouth.visible():
        return None
    alpha = np.round(mask.alpha * mouth.share(mask.box)).astype(np.uint8)
    alpha[alpha < FAINTEST] = 0
    return Mask(alpha, mask.box) if alpha.any() else None


def _mask(size: tuple[int, int], points: Array) -> Mask | None:
    width = float(np.linalg.norm(points[CORNERS[0]] - points[CORNERS[1]]))
    if width < LEAST_WIDTH_PX:
        return None
    softness = 0.5 + 0.008 * width
    outer = draw(smooth_closed(points[list(OUTER)]), size, softness)
    gap = float(np.linalg.norm(points[UPPER_MIDDLE] - points[LOWER_MIDDLE]))
    if outer is None or gap < OPEN * width:
        return outer
    inner = draw(smooth_closed(points[list(INNER)]), size, 0.5 * softness)
    if inner is None:
        return outer
    opening: Array = np.zeros(outer.box.shape, np.uint8)
    y0, x0 = inner.box.y0 - outer.box.y0, inner.box.x0 - outer.box.x0
    low_y, low_x = max(0, y0), max(0, x0)
    part = inner.alpha[low_y - y0 : outer.box.shape[0] - y0, low_x - x0 : outer.box.shape[1] - x0]
    opening[low_y : low_y + part.shape[0], low_x : low_x + part.shape[1]] = part
    # A reserve along the opening: teeth catch the eye, an unpainted rim does not where lips are not thin.
    if (reserve := round(RESERVE * width)) > 0:
        opening = cv2.dilate(opening, np.ones((2 * reserve + 1,) * 2, np.uint8))
    alpha = (outer.alpha.astype(np.uint16) * (255 - opening) // 255).astype(np.uint8)
    return Mask(alpha, outer.box)
