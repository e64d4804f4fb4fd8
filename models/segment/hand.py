"""What a hand covers: fingers and palm as thick as its landmarks say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import cv2
import numpy as np

from looks.finger import Finger
from models.segment.nails.finger import TIP, width_expected
from models.types import Array, Box, Hand, Lips, Mask, Skin

Part = TypeVar("Part", Lips, Skin)
THICK = 1.75  # a finger's thickness over its nail's width
PALM = (0, 1, 5, 9, 13, 17)
SOFT = 0.08  # of a finger's thickness
FINEST_PX = 4.0  # a finger is drawn this thick at least, however small the hand


def clear_of(parts: Sequence[Part], hands: Sequence[Hand]) -> tuple[Part, ...]:
    """Parts of faces without what hands cover: a hand on a face lies before it. What is wholly covered is left out."""
    cleared = (replace(part, mask=_cleared(part.mask, hands)) for part in parts) if hands else parts
    return tuple(part for part in cleared if part.mask.alpha.any())


def _cleared(mask: Mask, hands: Sequence[Hand]) -> Mask:
    near = [hand for hand in hands if _near(mask.box, hand)]
    free = np.prod([1 - silhouette(hand, mask.box) for hand in near], axis=0) if near else 1.0
    return Mask(np.round(mask.alpha * free).astype(np.uint8), mask.box)


def silhouette(hand: Hand, box: Box) -> Array:
    """(h, w) float32, 0 to 1: the hand within a box of the photo."""
    points: Array = hand.landmarks[:, :2] - np.array((box.x0, box.y0), np.float32)
    thick = {finger: max(FINEST_PX, THICK * width_expected(hand, finger)) for finger in Finger}
    drawn = np.zeros(box.shape, np.uint8)
    cv2.fillConvexPoly(
        drawn, cv2.convexHull(np.round(points[list(PALM)] * 16).astype(np.int32)), (255,), shift=4
    )
    for finger, tip in TIP.items():
        bones = np.round(points[tip - 3 : tip + 1] * 16).astype(np.int32)
        cv2.polylines(drawn, [bones], False, (255,), round(thick[finger]), cv2.LINE_8, 4)
    palm = np.round(points[[5, 9, 13, 17]] * 16).astype(np.int32)
    cv2.polylines(drawn, [palm], False, (255,), round(thick[Finger.MIDDLE]), cv2.LINE_8, 4)
    soft: Array = cv2.GaussianBlur(drawn, (0, 0), max(0.5, SOFT * thick[Finger.MIDDLE]))
    return soft.astype(np.float32) / 255


def _near(box: Box, hand: Hand) -> bool:
    """Whether a hand's own box, a finger wider, meets this one."""
    reach = THICK * width_expected(hand, Finger.MIDDLE)
    low, high = hand.landmarks[:, :2].min(0) - reach, hand.landmarks[:, :2].max(0) + reach
    return bool(low[0] < box.x1 and high[0] > box.x0 and low[1] < box.y1 and high[1] > box.y0)
