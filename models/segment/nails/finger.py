"""A finger as its landmarks show it: how wide its nail should be, and how far the nail looks into the camera."""

from __future__ import annotations

import numpy as np

from looks.finger import Finger, HandSide
from models.types import Hand

TIP = {Finger.THUMB: 4, Finger.INDEX: 8, Finger.MIDDLE: 12, Finger.RING: 16, Finger.LITTLE: 20}
WRIST, INDEX_KNUCKLE, MIDDLE_KNUCKLE, LITTLE_KNUCKLE = 0, 5, 9, 17

# A nail's width over the palm's (index to little knuckle) and over its last bone's: medians of labelled open hands.
WIDTH_TO_PALM_AND_BONE = {
    Finger.THUMB: (0.170, 0.400),
    Finger.INDEX: (0.176, 0.565),
    Finger.MIDDLE: (0.190, 0.545),
    Finger.RING: (0.174, 0.520),
    Finger.LITTLE: (0.142, 0.500),
}


def width_expected(hand: Hand, finger: Finger) -> float:
    """The nail's width that palm and last bone lead one to expect, photo pixels."""
    points, tip = hand.landmarks, TIP[finger]
    palm = np.linalg.norm(points[INDEX_KNUCKLE] - points[LITTLE_KNUCKLE])
    bone = np.linalg.norm(points[tip] - points[tip - 1])
    to_palm, to_bone = WIDTH_TO_PALM_AND_BONE[finger]
    return float(np.sqrt(to_palm * palm * to_bone * bone))


def facing(hand: Hand) -> dict[Finger, float]:
    """How far each nail looks into the camera: 1 straight on, 0 edge on, -1 away; a thumb's own turn is left out."""
    points = hand.landmarks.astype(np.float64)
    across = points[LITTLE_KNUCKLE] - points[INDEX_KNUCKLE]
    back = np.cross(points[INDEX_KNUCKLE] - points[WRIST], points[LITTLE_KNUCKLE] - points[WRIST])
    if (back[2] > 0) != (hand.side is HandSide.DORSAL):
        back = -back
    turn = np.sign(np.cross(across, points[MIDDLE_KNUCKLE] - points[WRIST]) @ back)
    normals = {finger: turn * np.cross(across, points[tip] - points[tip - 1]) for finger, tip in TIP.items()}
    return {finger: float(n[2] / (np.linalg.norm(n) + 1e-9)) for finger, n in normals.items()}
