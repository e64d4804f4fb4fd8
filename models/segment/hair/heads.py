"""Whose hair it is: each part of it goes to the nearest head."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.segment.hair.frame import OVAL
from models.types import Array

FOREHEAD, CHIN = 10, 152
HANGS = 1.6  # faces below the chin: a head's axis reaches this far, as long hair does
FAR = 1.5  # faces beside that axis: hair farther away belongs to somebody whose face is not seen
WHOLE = 0.85  # share of a connected part that takes the rest along
LEAST = 0.02  # of the face's area: less is no hair
SURE = 0.5


def of_head(probability: Array, heads: Sequence[Array], own: int) -> Array:
    """The probability map (h, w) with only the hair of head `own`; heads: landmarks (n, 2) in the map's pixels."""
    distances = np.stack([_distance(probability.shape, head) for head in heads])
    mine = distances.argmin(0) == own
    near = distances[own] < FAR
    count, parts, boxes, _ = cv2.connectedComponentsWithStats((probability > SURE).astype(np.uint8))
    keep = np.zeros(count, bool)
    split = np.zeros(count, bool)
    areas = boxes[:, cv2.CC_STAT_AREA]
    least = LEAST * _area(heads[own])
    for part in range(1, count):
        inside = parts == part
        share = mine[inside].mean()
        keep[part] = areas[part] >= least and share > 1 - WHOLE and near[inside].any()
        split[part] = share < WHOLE
    if not keep.any():
        return np.zeros_like(probability)
    # The soft rim of a part goes where the part goes.
    nearest = _nearest_part(parts)
    allowed = keep[nearest] & (mine | ~split[nearest])
    out: Array = np.where(allowed, probability, 0).astype(np.float32)
    return out


def _distance(shape: tuple[int, ...], head: Array) -> Array:
    """(h, w) distance of every pixel to a head's axis, in sizes of its face."""
    top, chin = head[FOREHEAD], head[CHIN]
    size = max(float(np.hypot(*(chin - top))), 1e-3)
    along = (chin - top) * (1 + HANGS)
    length = max(float(along @ along), 1e-6)
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    t = np.clip(((cols - top[0]) * along[0] + (rows - top[1]) * along[1]) / length, 0, 1)
    out: Array = np.hypot(cols - top[0] - t * along[0], rows - top[1] - t * along[1]) / size
    return out


def _nearest_part(parts: Array) -> Array:
    empty = (parts == 0).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_CCOMP)
    number = np.zeros(int(nearest.max()) + 1, np.int32)
    number[nearest[parts > 0]] = parts[parts > 0]
    out: Array = number[nearest]
    return out


def _area(head: Array) -> float:
    return float(cv2.contourArea(cv2.convexHull(head[list(OVAL)].astype(np.float32))))
