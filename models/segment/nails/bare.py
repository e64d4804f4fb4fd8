"""Where a seen hand has no nail: the pads of fingers that are turned away, knuckles, palm and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from looks.finger import Finger
from models.segment.nails.finger import TIP, facing, width_expected
from models.segment.nails.frame import MARGIN, Frame
from models.segment.nails.hands import fingertip
from models.types import Array, Hand

PAD_FACING, PAD_REACH = -0.4, 0.8
"""Cosine to the camera from which on a finger shows its pad, and how far that reaches, in lengths of a plate."""
BODY_REACH = 0.9
"""Half a finger's thickness, in widths of the middle finger's nail."""
WRIST, KNUCKLES = 0, (1, 5, 9, 13, 17)
HIDDEN_BONES = tuple((tip - 3, tip - 2) for tip in TIP.values()) + tuple(
    (tip - 2, tip - 1) for tip in TIP.values()
)
LAST_BONES = tuple((tip - 1, tip) for tip in TIP.values())
PALM_BONES = (*((WRIST, knuckle) for knuckle in KNUCKLES), (5, 9), (9, 13), (13, 17))


class Bare:
    """The parts of seen hands on which what passes for a nail is none."""

    def __init__(self, hands: Sequence[Hand]) -> None:
        self._hands = tuple(hands)
        self._pads = [pad for hand in hands for pad in pads(hand)]

    def holds(self, nail: Frame) -> bool:
        """Whether this nail would sit on a pad, a knuckle, a palm or the back of a hand."""
        middle = np.array([nail.x, nail.y])
        on_pad = any(
            np.hypot(nail.x - pad.x, nail.y - pad.y) * MARGIN / pad.side < PAD_REACH for pad in self._pads
        )
        return on_pad or any(_on_body(hand, middle) for hand in self._hands)


def pads(hand: Hand) -> list[Frame]:
    """Frames of the fingertips that are turned away; a thumb's own turn is not known, so its pad never is."""
    return [
        fingertip(hand, finger)
        for finger, cosine in facing(hand).items()
        if cosine < PAD_FACING and finger is not Finger.THUMB
    ]


def _on_body(hand: Hand, middle: Array) -> bool:
    """Whether a place lies on a bone that is no finger's last one, and nearer to it than to any last one."""
    reach = BODY_REACH * width_expected(hand, Finger.MIDDLE)
    body = _distance(hand, middle, HIDDEN_BONES + PALM_BONES)
    return body < reach and body < _distance(hand, middle, LAST_BONES)


def _distance(hand: Hand, place: Array, bones: Sequence[tuple[int, int]]) -> float:
    """Pixels from a place to the nearest of these bones."""
    points = hand.landmarks[:, :2].astype(np.float64)
    start, end = points[[a for a, _ in bones]], points[[b for _, b in bones]]
    along = end - start
    share = ((place - start) * along).sum(1) / np.maximum((along**2).sum(1), 1e-6)
    nearest = start + np.clip(share, 0, 1)[:, None] * along
    return float(np.hypot(*(place - nearest).T).min())
