"""Where on the head a pixel of hair lies: from its root to its end, and beside the face."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array, Face, Mask

FOREHEAD, CHIN, SIDES = 10, 152, (234, 454)
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""The face's outline in MediaPipe's mesh."""
CROWN = 0.30  # of the face's height above its outline
SKULL = (0.60, 0.72)  # half axes, of the face's width and height
END = 97  # percentile of the hair's pixels that counts as its end
LEAST_LENGTH = 0.6  # faces: shorter hair has no ends of its own
FACELESS = 0.42  # height of a face over the square root of the hair's area, where no face is seen


@dataclass(frozen=True, slots=True)
class Head:
    """The hair's pixels on the head, (n,) float32 each.

    along: 0 at the root, 1 at the end; faces: the same in heights of the face; beside: distance from the face's outline
    in its widths; across: from the face's middle, in its widths, left of the picture negative.
    down: (2,) where hair hangs.
    """

    along: Array
    faces: Array
    beside: Array
    across: Array
    down: Array


def head_of(mask: Mask, where: Array, face: Face | None) -> Head:
    """The head under a mask; without a face the hair is taken to hang from its highest place."""
    rows, columns = np.divmod(where, mask.box.shape[1])
    x = (columns + mask.box.x0 + 0.5).astype(np.float32)
    y = (rows + mask.box.y0 + 0.5).astype(np.float32)
    sure = mask.alpha.ravel()[where] > 127
    if not sure.any():
        sure = np.ones_like(sure)
    if face is None:
        return _faceless(x, y, sure)
    points = face.landmarks[:, :2].astype(np.float32)
    top, chin = points[FOREHEAD], points[CHIN]
    height = max(float(np.hypot(*(chin - top))), 1.0)
    width = max(float(np.hypot(*(points[SIDES[0]] - points[SIDES[1]]))), 0.5 * height)
    down = (chin - top) / height
    middle = (top + chin) / 2 - 0.15 * height * down
    sideways = ((x - middle[0]) * down[1] - (y - middle[1]) * down[0]).astype(np.float32)
    downwards = ((x - middle[0]) * down[0] + (y - middle[1]) * down[1]).astype(np.float32)
    below = downwards / height + (0.35 + CROWN)
    out = np.sqrt((sideways / (SKULL[0] * width)) ** 2 + (downwards / (SKULL[1] * height)) ** 2) - 1
    # Hair that stands off the head is as far from its root as hair that hangs.
    faces = np.maximum(np.maximum(below, 0), 1.3 * SKULL[1] * out)
    length = max(float(np.percentile(faces[sure], END)), LEAST_LENGTH)
    beside = _beside(mask, where, points) / width
    return Head(np.clip(faces / length, 0, 1.2), faces, beside, sideways / width, down)


def _faceless(x: Array, y: Array, sure: Array) -> Head:
    top, end = np.percentile(y[sure], [1, END])
    height = max(FACELESS * float(np.sqrt(np.count_nonzero(sure))), 1.0)
    middle = float(np.median(x[sure]))
    below = np.maximum(y - np.float32(top), 0)
    along = np.clip(below / max(float(end - top), 1.0), 0, 1.2)
    # The picture shows the back of the head: what frames the face are the outer strands.
    half = max(float(np.percentile(np.abs(x[sure] - middle), END)), 1.0)
    beside = (half - np.abs(x - middle)) / (2 * height)
    return Head(along, below / height, beside, (x - middle) / height, np.array([0.0, 1.0], np.float32))


def _beside(mask: Mask, where: Array, points: Array) -> Array:
    """(n,) pixels from the face's outline, negative inside it; told at a quarter of the size."""
    scale = 0.25
    box = mask.box
    size = max(1, round(box.shape[1] * scale)), max(1, round(box.shape[0] * scale))
    outline = (points[list(OVAL)] - [box.x0, box.y0]) * [size[0] / box.shape[1], size[1] / box.shape[0]]
    # Drawn with a margin, so that an outline beyond the box still has its distance.
    pad = max(size)
    outside = np.full((size[1] + 2 * pad, size[0] + 2 * pad), 255, np.uint8)
    cv2.fillPoly(outside, [np.round(outline + pad).astype(np.int32)], (0,))
    away = cv2.distanceTransform(outside, cv2.DIST_L2, 3)[pad : pad + size[1], pad : pad + size[0]]
    full = cv2.resize(away / scale, box.shape[::-1], interpolation=cv2.INTER_LINEAR)
    found: Array = full.ravel()[where]
    return found
