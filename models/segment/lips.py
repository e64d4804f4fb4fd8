"""The lips of a face mesh: its outer contour less the mouth's opening and less what hides it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.segment.mouth import INNER, OUTER, Mouth
from models.segment.polygon import FAINTEST, draw, smooth_closed
from models.types import Array, Box, Face, Lips, Mask, Photo

UPPER_MIDDLE, LOWER_MIDDLE, CORNERS = 13, 14, (61, 291)
OPEN = 0.025  # of the mouth's width: a narrower gap is a closed mouth's own dark line
OUTWARD = 0.005  # of the mouth's width: the mesh's outer contour lies this far inside of where lips end
RIM = 0.015  # of the mouth's width: along the opening as much is lip, unless it shines like teeth
BRIGHTER, PALER = 10.0, 0.8  # in L and in chroma, against the middle of the lips: from there on it is a tooth
LEAST_WIDTH_PX = 8


class LipMesh:
    """Cuts soft lip masks out of face meshes."""

    def segment(self, photo: Photo, faces: Sequence[Face]) -> tuple[Lips, ...]:
        """One mask per face whose mouth lies inside the photo, is at least 8 px wide and can be seen."""
        found = ((index, _visible(photo, face.landmarks)) for index, face in enumerate(faces))
        return tuple(Lips(mask, index) for index, mask in found if mask is not None)


def _visible(photo: Photo, landmarks: Array) -> Mask | None:
    mask = _mask(photo, landmarks[:, :2].astype(np.float64))
    mouth = Mouth.of(photo, landmarks) if mask else None
    if mask is None or mouth is None or not mouth.visible():
        return None
    alpha = np.round(mask.alpha * mouth.share(mask.box)).astype(np.uint8)
    alpha[alpha < FAINTEST] = 0
    return Mask(alpha, mask.box) if alpha.any() else None


def _mask(photo: Photo, points: Array) -> Mask | None:
    width = float(np.linalg.norm(points[CORNERS[0]] - points[CORNERS[1]]))
    if width < LEAST_WIDTH_PX:
        return None
    softness = 0.5 + 0.008 * width
    ring = points[list(INNER)]
    outer = draw(smooth_closed(_moved(points[list(OUTER)], OUTWARD * width)), photo.size, softness)
    gap = float(np.linalg.norm(points[UPPER_MIDDLE] - points[LOWER_MIDDLE]))
    if outer is None or gap < OPEN * width:
        return outer
    within, deep = (
        _on(outer.box, draw(smooth_closed(_moved(ring, -inset * width)), photo.size, 0.5 * softness))
        for inset in (0.0, RIM)
    )
    lips = (outer.alpha > 127) & (within < 128)
    opening = np.maximum(deep, within * _shines(photo.rgb[outer.box.slices], lips))
    return Mask(np.round(outer.alpha * (1 - opening / 255)).astype(np.uint8), outer.box)


def _on(box: Box, mask: Mask | None) -> Array:
    """(h, w) float32, 0 to 255: a mask's part within a box."""
    canvas = np.zeros(box.shape, np.float32)
    if mask is None:
        return canvas
    y0, x0 = max(box.y0, mask.box.y0), max(box.x0, mask.box.x0)
    y1, x1 = min(box.y1, mask.box.y1), min(box.x1, mask.box.x1)
    if y0 < y1 and x0 < x1:
        part = mask.alpha[y0 - mask.box.y0 : y1 - mask.box.y0, x0 - mask.box.x0 : x1 - mask.box.x0]
        canvas[y0 - box.y0 : y1 - box.y0, x0 - box.x0 : x1 - box.x0] = part
    return canvas


def _shines(rgb: Array, lips: Array) -> Array:
    """(h, w) float32, 0 or 1: brighter and paler than these lips, as teeth are."""
    if not lips.any():
        return np.ones(lips.shape, np.float32)
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    bright = lab[..., 0] > np.median(lab[..., 0][lips]) + BRIGHTER
    pale = chroma < PALER * np.median(chroma[lips])
    return cv2.dilate((bright & pale).astype(np.float32), np.ones((3, 3), np.uint8))


def _moved(ring: Array, outward: float) -> Array:
    """A closed ring of points, (n, 2), each moved along its normal, pixels."""
    along = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    sign = np.sign(((ring - ring.mean(axis=0)) * normal).sum(axis=1).mean() or 1.0)
    moved: Array = ring + outward * sign * normal
    return moved
