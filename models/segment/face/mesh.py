"""Where things are in MediaPipe's face mesh. `right` and `left` are the face's own, so right is on the photo's left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.types import Array

OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
BRIDGE = (168, 6, 197)
NOSTRILS = ((98, 97, 2, 326, 327, 294, 278, 344, 440, 275, 4, 45, 220, 115, 48, 64),)
NOSE = (195, 5, 4, 2, 98, 327, 129, 358, 209, 429, 126, 355, 203, 423, 206, 426)
SOCKETS = ((193, 122, 188, 128, 245, 244, 189), (417, 351, 412, 357, 465, 464, 413))
"""Beside the bridge, where shade lies."""
FOLDS = ((203, 206, 216, 212, 57, 165), (423, 426, 436, 432, 287, 391), (107, 55, 193, 8, 417, 285, 336))
"""From the nose to the corners of the mouth, and between the brows."""
LOWER = (
    *(234, 227, 116, 118, 47, 195, 277, 347, 345, 447, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93),
)
"""What a mask over mouth and nose may cover."""
LIPS_AND_RIM = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
SKIN = (
    *(50, 280, 101, 330, 118, 347, 205, 425, 187, 411, 36, 266, 207, 427, 117, 346, 123, 352),
    *(195, 5, 197, 151, 9, 108, 337, 69, 299, 104, 333, 199, 200, 32, 262, 216, 436),
)
"""Places that skin covers on nearly every face."""
UPPER_SKIN = (168, 6, 9, 8, 151, 108, 337, 122, 351, 229, 230, 231, 449, 450, 451)
"""Those above a mask."""


@dataclass(frozen=True, slots=True)
class EyeRings:
    """Rings about one eye, each from its inner to its outer end.

    upper, lower: the lids' edges; crease, fold: two rings above; bag: below; brow_low, brow_high: edges of the brow.
    """

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    crease: tuple[int, ...]
    fold: tuple[int, ...]
    bag: tuple[int, ...]
    brow_low: tuple[int, ...]
    brow_high: tuple[int, ...]


RIGHT = EyeRings(
    upper=(133, 173, 157, 158, 159, 160, 161, 246, 33),
    lower=(133, 155, 154, 153, 145, 144, 163, 7, 33),
    crease=(243, 190, 56, 28, 27, 29, 30, 247, 130),
    fold=(244, 189, 221, 222, 223, 224, 225, 113, 226),
    bag=(244, 233, 232, 231, 230, 229, 228, 31, 226),
    brow_low=(55, 65, 52, 53, 46),
    brow_high=(107, 66, 105, 63, 70),
)
LEFT = EyeRings(
    upper=(362, 398, 384, 385, 386, 387, 388, 466, 263),
    lower=(362, 382, 381, 380, 374, 373, 390, 249, 263),
    crease=(463, 414, 286, 258, 257, 259, 260, 467, 359),
    fold=(464, 413, 441, 442, 443, 444, 445, 342, 446),
    bag=(464, 453, 452, 451, 450, 449, 448, 261, 446),
    brow_low=(285, 295, 282, 283, 276),
    brow_high=(336, 296, 334, 293, 300),
)
EYES = (RIGHT, LEFT)

FOREHEAD = (10, 338, 297, 332, 284, 251, 109, 67, 103, 54, 21)
HIGHER = 0.20  # face widths that a hairline may lie over the mesh's upper edge


def outline(landmarks: Array) -> Array:
    """(n, 2) float32 outline of a face in the photo, its forehead up to where hair may begin."""
    points = landmarks[:, :2].astype(np.float32)
    up = points[10] - points[152]
    up = up / max(float(np.linalg.norm(landmarks[10] - landmarks[152])), 1.0) * width_of(landmarks) * HIGHER
    raised = points.copy()
    middle = points[10]
    half = max(float(np.linalg.norm(points[54] - points[284])) / 2, 1.0)
    for index in FOREHEAD:
        aside = min(1.0, float(np.linalg.norm(points[index] - middle)) / half)
        raised[index] += up * np.float32(1 - 0.65 * aside**2)
    found: Array = raised[list(OVAL)]
    return found


def width_of(landmarks: Array) -> float:
    """Pixels from ear to ear, however the face is turned."""
    return max(float(np.linalg.norm(landmarks[234] - landmarks[454])), 1.0)


def flat(landmarks: Array, indices: tuple[int, ...]) -> Array:
    """(n, 2) float32 places in the photo."""
    points: Array = landmarks[list(indices), :2].astype(np.float32)
    return points
