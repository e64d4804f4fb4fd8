"""What lies above a finger's tip in the photo, so that its extension passes below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np

from looks.finger import Finger
from models.types import Array, Box, Hand, Nail, Scan

_JOINTS = {
    Finger.THUMB: (2, 3, 4),
    Finger.INDEX: (5, 6, 7, 8),
    Finger.MIDDLE: (9, 10, 11, 12),
    Finger.RING: (13, 14, 15, 16),
    Finger.LITTLE: (17, 18, 19, 20),
}
_RADIUS = 0.60  # of the nail's width: half of a finger's
_NEARER = 0.7  # of the nail's width: depths closer together than this do not tell which is above


def uncovered(nail: Nail, box: Box, scan: Scan) -> Array:
    """(h, w) float32: 1 where nothing else lies above this nail, 0 on other nails and on fingers in front."""
    keep = np.ones(box.shape, np.float32)
    for other in scan.nails or ():
        if other is not nail:
            _hide(keep, box, other)
    hands = scan.hands or ()
    if nail.hand is not None and nail.hand < len(hands) and nail.finger is not None:
        for start, end in _in_front(hands[nail.hand], nail):
            _cut(keep, box, start, end, _RADIUS * nail.width_px)
    return keep


def _hide(keep: Array, box: Box, other: Nail) -> None:
    mine, mask = other.mask.box, other.mask
    x0, y0, x1, y1 = max(box.x0, mine.x0), max(box.y0, mine.y0), min(box.x1, mine.x1), min(box.y1, mine.y1)
    if x0 < x1 and y0 < y1:
        part = mask.alpha[y0 - mine.y0 : y1 - mine.y0, x0 - mine.x0 : x1 - mine.x0]
        keep[y0 - box.y0 : y1 - box.y0, x0 - box.x0 : x1 - box.x0] *= 1 - part.astype(np.float32) / 255


def _in_front(hand: Hand, nail: Nail) -> Iterator[tuple[Array, Array]]:
    """Bones of other fingers that are nearer to the camera than this tip; depth grows away from it."""
    points = hand.landmarks
    own = points[_JOINTS[nail.finger][-1], 2] if nail.finger else 0.0
    for finger, joints in _JOINTS.items():
        if finger is nail.finger:
            continue
        for start, end in pairwise(joints):
            if max(points[start, 2], points[end, 2]) < own - _NEARER * nail.width_px:
                yield points[start, :2], points[end, :2]


def _cut(keep: Array, box: Box, start: Array, end: Array, radius: float) -> None:
    """A capsule out of the window, its edge a few pixels soft."""
    corner = np.array([box.x0, box.y0], np.float32)
    low, high = np.minimum(start, end) - radius - corner, np.maximum(start, end) + radius - corner
    if high[0] < 0 or high[1] < 0 or low[0] > keep.shape[1] or low[1] > keep.shape[0]:
        return
    bone = np.zeros(keep.shape, np.uint8)
    (x0, y0), (x1, y1) = (np.round((point - corner) * 16).astype(int).tolist() for point in (start, end))
    cv2.line(bone, (x0, y0), (x1, y1), (255,), max(1, round(2 * radius)), cv2.LINE_AA, 4)
    keep *= 1 - cv2.GaussianBlur(bone, (0, 0), 1.2).astype(np.float32) / 255
