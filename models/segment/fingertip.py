"""A fingertip cut out of the photo: turned so that the finger points down, scaled to the nail's expected width.

Patch coordinates are in expected nail widths: u along the finger (0 at the landmark of the tip, towards the free
edge), v across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from looks.finger import Finger, HandSide
from models.types import Array, Hand, Photo

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

PIXELS = 18  # of a patch, per nail width
TOP, BOTTOM, SIDE = -2.3, 2.2, 1.5  # the patch's reach in nail widths
PATCH_SHAPE = int((BOTTOM - TOP) * PIXELS), int(2 * SIDE * PIXELS)


@dataclass(frozen=True, slots=True)
class Fingertip:
    """One fingertip. rgb: PATCH_SHAPE + (3,) uint8; origin, along, across: (2,) photo pixels, a nail wide."""

    finger: Finger
    rgb: Array
    origin: Array
    along: Array
    across: Array

    def to_photo(self, v: Array, u: Array) -> Array:
        """Patch coordinates (n,) and (n,) to (n, 2) photo pixels."""
        points: Array = self.origin + u[:, None] * self.along + v[:, None] * self.across
        return points


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


def cut_out(photo: Photo, hand: Hand, finger: Finger) -> Fingertip | None:
    """The patch around a fingertip; None where it lies outside the photo or is too small to see a nail (6 px)."""
    width = width_expected(hand, finger)
    tip = hand.landmarks[TIP[finger], :2].astype(np.float64)
    bone = tip - hand.landmarks[TIP[finger] - 1, :2]
    length = float(np.linalg.norm(bone))
    height_px, width_px = photo.size
    if width < 6 or length < 1 or not (0 <= tip[0] < width_px and 0 <= tip[1] < height_px):
        return None
    along = bone / length * width
    across = np.array([-along[1], along[0]])
    reach = int(np.hypot(SIDE, -TOP) * width) + 2
    x0, y0 = max(0, int(tip[0]) - reach), max(0, int(tip[1]) - reach)
    crop = photo.rgb[y0 : int(tip[1]) + reach, x0 : int(tip[0]) + reach]
    shrink = min(1.0, PIXELS / width)
    if shrink < 1.0:
        crop = cv2.resize(crop, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    matrix = np.empty((2, 3))
    matrix[:, 0], matrix[:, 1] = across * shrink / PIXELS, along * shrink / PIXELS
    matrix[:, 2] = (tip - (x0, y0) - SIDE * across + TOP * along) * shrink
    patch = cv2.warpAffine(
        crop,
        matrix,
        PATCH_SHAPE[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Fingertip(finger, patch, tip, along, across)
