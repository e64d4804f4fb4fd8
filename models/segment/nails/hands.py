"""What detected hands know of nails: where to look for them, and whose finger each one is."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, sin

import numpy as np

from looks.finger import Finger
from models.segment.nails.finger import INDEX_KNUCKLE, TIP, facing, width_expected
from models.segment.nails.frame import MARGIN, Frame
from models.types import Array, Hand

# Middle of the plate along the finger from the tip's landmark, and its length, in expected widths: medians of
# labelled open hands. A thumb is seen from its side.
FINGER_PLATE, THUMB_PLATE = (-0.01, 1.12), (0.05, 1.50)
THUMB_OFFSET = 0.25  # its plate's middle lies this far away from the index finger
LEAST_FACING = (
    0.2  # cosine to the camera below which a nail is seen from its side or its end: no use to look there
)
LEAST_WIDTH_PX = 6
REACH = 1.1  # of the plate's length: a nail whose middle lies further from the expected place is not this finger's
LEAST_ALIGNED = 0.3  # cosine between nail and finger

Name = tuple[int, Finger]
"""Index of the hand, and the finger."""


def expected(hands: Sequence[Hand]) -> dict[Name, Frame]:
    """The frame of each nail that landmarks lead one to expect, for fingers that are turned to the camera."""
    return {
        (index, finger): fingertip(hand, finger)
        for index, hand in enumerate(hands)
        for finger, cosine in facing(hand).items()
        if cosine > LEAST_FACING and width_expected(hand, finger) >= LEAST_WIDTH_PX
    }


def fingertip(hand: Hand, finger: Finger) -> Frame:
    """The frame of a finger's nail, or of its pad, where it is turned away."""
    width = width_expected(hand, finger)
    tip = hand.landmarks[TIP[finger]].astype(np.float64)
    bone = tip - hand.landmarks[TIP[finger] - 1]
    along = bone[:2] / (np.linalg.norm(bone[:2]) + 1e-6)
    foreshortening = float(np.clip(np.linalg.norm(bone[:2]) / (np.linalg.norm(bone) + 1e-6), 0.5, 1.0))
    middle, length = THUMB_PLATE if finger is Finger.THUMB else FINGER_PLATE
    centre = tip[:2] + middle * width * foreshortening * along
    if finger is Finger.THUMB:
        across = np.array([-along[1], along[0]])
        towards_index = (hand.landmarks[INDEX_KNUCKLE, :2] - tip[:2]) @ across
        centre -= THUMB_OFFSET * width * np.sign(towards_index) * across
    side = MARGIN * length * width * max(foreshortening, 0.7)
    return Frame(float(centre[0]), float(centre[1]), side, atan2(along[1], along[0]))


def named(found: Sequence[Frame], places: dict[Name, Frame]) -> list[Name | None]:
    """Whose finger each nail is, nearest pairs first; None for those that are no seen hand's."""
    names: list[Name | None] = [None] * len(found)
    pairs = sorted(
        (distance, nail, name)
        for nail, frame in enumerate(found)
        for name, place in places.items()
        if (distance := _distance(frame, place)) < REACH
    )
    for _, nail, name in pairs:
        if names[nail] is None and name not in names:
            names[nail] = name
    return names


def _distance(nail: Frame, place: Frame) -> float:
    """Between middles, in lengths of the expected plate; out of reach when they point in different directions."""
    if cos(nail.up - place.up) < LEAST_ALIGNED:
        return float("inf")
    return float(np.hypot(nail.x - place.x, nail.y - place.y)) * MARGIN / place.side


def axis(frame: Frame) -> Array:
    """(2, 2) float32: middle of the cuticle, middle of the free edge, of a nail that its frame fits."""
    middle, reach = np.array([frame.x, frame.y]), frame.side / MARGIN / 2
    ahead = np.array([cos(frame.up), sin(frame.up)])
    line: Array = np.stack([middle - reach * ahead, middle + reach * ahead]).astype(np.float32)
    return line
