"""The bare skin of a face: the mesh's oval without eyes, brows and mouth, and without what does not look like skin."""

from __future__ import annotations

import cv2
import numpy as np

from looks.colour import linear_to_lab, srgb_to_linear
from models.segment.brows import LEFT as LEFT_BROW
from models.segment.brows import RIGHT as RIGHT_BROW
from models.segment.mouth import OUTER as MOUTH
from models.segment.polygon import draw, smooth_closed
from models.types import Array, Box, Face, Mask, Photo

# MediaPipe's face mesh: FACEMESH_FACE_OVAL walked round from the forehead, and the lids.
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
RIGHT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
HOLES = (RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW, MOUTH)
SURELY = (50, 280, 101, 330, 118, 347, 205, 425, 4, 197, 151, 9)
"""Cheeks, nose and the middle of the forehead: skin, where skin is seen at all."""

LEAST_WIDTH_PX = 24
COARSE = 96  # pixels of the oval's width when colours are compared
STRANGE = 2.6  # times the skin's own spread, beyond which a colour is not of it
SPREAD = np.array([10.0, 4.5, 4.5])  # Lab; the least that shading and blood give a face


def face_skin(photo: Photo, face: Face) -> Mask | None:
    """Soft mask of the skin that is seen; None where the face is below 24 px or mostly outside of the photo."""
    points = face.landmarks[:, :2].astype(np.float64)
    oval = points[list(OVAL)]
    width = float(np.ptp(oval[:, 0]))
    if width < LEAST_WIDTH_PX:
        return None
    softness = 0.5 + 0.006 * width
    whole = draw(smooth_closed(oval), photo.size, softness)
    if whole is None:
        return None
    left = whole.alpha.astype(np.float32) / 255
    for hole in HOLES:
        cut = draw(smooth_closed(points[list(hole)]), photo.size, softness)
        if cut is not None:
            left *= 1 - _placed(cut, whole.box) / np.float32(255)
    left *= _like_its_skin(photo.rgb[whole.box.slices], left, points - (whole.box.x0, whole.box.y0))
    alpha = np.round(left * 255).astype(np.uint8)
    return Mask(alpha, whole.box) if alpha.any() else None


def _placed(mask: Mask, box: Box) -> Array:
    """A mask's coverage inside another box of the same photo: (h, w) uint8."""
    out = np.zeros(box.shape, np.uint8)
    x0, y0 = max(mask.box.x0, box.x0), max(mask.box.y0, box.y0)
    x1, y1 = min(mask.box.x1, box.x1), min(mask.box.y1, box.y1)
    if x0 < x1 and y0 < y1:
        part = mask.alpha[y0 - mask.box.y0 : y1 - mask.box.y0, x0 - mask.box.x0 : x1 - mask.box.x0]
        out[y0 - box.y0 : y1 - box.y0, x0 - box.x0 : x1 - box.x0] = part
    return out


def _like_its_skin(rgb: Array, inside: Array, points: Array) -> Array:
    """(h, w) float32 in [0, 1]: 0 where hair, glasses, cloth or a hand's shadow lie over the face.

    Colours are compared with those round the places that are surely skin, in the skin's own spread.
    """
    rows, columns = rgb.shape[:2]
    scale = min(1.0, COARSE / columns)
    size = max(2, round(columns * scale)), max(2, round(rows * scale))
    small = cv2.GaussianBlur(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), (0, 0), 0.8)
    lab = linear_to_lab(srgb_to_linear(small / 255.0))
    at = np.round(points[list(SURELY)] * scale).astype(int)
    seen = np.all((at >= 2) & (at < np.array(size) - 2), axis=1)
    if seen.sum() < 3:
        return np.ones(inside.shape, np.float32)
    patches = np.array([lab[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).mean(0) for x, y in at[seen]])
    middle = np.median(patches, axis=0)
    spread = np.maximum(1.5 * np.median(np.abs(patches - middle), axis=0), SPREAD)
    away = np.linalg.norm((lab - middle) / spread, axis=-1)
    alike = np.clip(1.5 - away / STRANGE / 2 * 1.0, 0, 1)
    alike = cv2.medianBlur(np.round(alike * 255).astype(np.uint8), 5)
    grown: Array = cv2.resize(alike, (columns, rows), interpolation=cv2.INTER_LINEAR) / np.float32(255)
    return grown
