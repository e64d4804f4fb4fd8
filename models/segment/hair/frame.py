"""What the hair net is shown: a square around a head, and where in it the face is."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from models.detect.settle import around, tilt
from models.detect.square import Square
from models.types import Array

SIDE = 256
WIDE = 4.6  # of the face's size: long hair reaches three faces below the chin
BELOW = 0.55  # of the face's size: how far under the face's middle the frame's middle lies
LEANING = 0.35  # radians: a head that leans less is shown as it is, without black corners
EYES = (33, 263)  # outer corners in the mesh
OVAL = (10, 297, 284, 389, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132, 234, 162, 54, 67)
PARTS = (
    (33, 163, 145, 154, 133, 157, 159, 161),
    (362, 381, 374, 390, 263, 388, 386, 384),
    (61, 91, 84, 17, 314, 321, 291, 270, 267, 0, 37, 40),
)  # two eyes and the lips
FACE, PART = 128, 255


def head(landmarks: Array, size: tuple[int, int]) -> Square:
    """The frame of a face's head inside a photo of (height, width); never larger than the photo's longer side."""
    angle = tilt(landmarks[EYES[1], :2] - landmarks[EYES[0], :2])
    face = around(landmarks[list(OVAL), :2], angle, 1.0)
    side = min(WIDE * face.side, float(max(size)))
    down = BELOW * face.side
    x, y = face.x - np.sin(angle) * down, face.y + np.cos(angle) * down
    turned = angle if abs(angle) > LEANING else 0.0
    return Square(_inside(x, side, size[1]), _inside(y, side, size[0]), side, turned)


def _inside(middle: float, side: float, edge: int) -> float:
    """Move an interval into [0, edge], or to its middle when it is the longer one."""
    return edge / 2 if side >= edge else float(np.clip(middle, side / 2, edge - side / 2))


def drawn(faces: Iterable[Array], to_square: Array, side: int) -> Array:
    """(side, side) uint8: the faces' ovals with eyes and lips, for landmarks (n, 2 or 3) under a (2, 3) affine map."""
    out = np.zeros((side, side), np.uint8)
    for landmarks in faces:
        points = landmarks[:, :2] @ to_square[:, :2].T + to_square[:, 2]
        for part, value in ((OVAL, FACE), *((part, PART) for part in PARTS)):
            hull = cv2.convexHull(points[list(part)].astype(np.float32))
            cv2.fillConvexPoly(out, np.round(hull * 8).astype(np.int32), (value,), cv2.LINE_AA, 3)
    return out


def from_photo(square: Square, side: int) -> Array:
    """(2, 3) affine map from photo pixels to a square of side pixels."""
    inverse: Array = cv2.invertAffineTransform(square.to_photo(side))
    return inverse
