"""Whether a photo shows a face well enough to be analysed, and what to do about it in words for the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from looks.colour import srgb_to_linear
from models.analyse.features import EyeGeometry
from models.analyse.mesh import CHEEKBONES, CHIN, FOREHEAD, Pose, pose_of
from models.analyse.skin import LUMINANCE
from models.segment.skin_face import LEFT_EYE, RIGHT_EYE
from models.types import Array, Box, Face, Illuminant, Mask, Photo

_LINEAR = srgb_to_linear(np.arange(256) / 255)


class Fault(StrEnum):
    """What is wrong with a photo, gravest first."""

    NO_FACE = "no_face"
    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    NO_COLOUR = "no_colour"
    BLURRED = "blurred"
    TURNED = "turned"
    NODDED = "nodded"
    UNEVEN_LIGHT = "uneven_light"
    COLOURED_LIGHT = "coloured_light"
    COVERED = "covered"
    EYES_CLOSED = "eyes_closed"
    SEVERAL_FACES = "several_faces"


WORDS = {
    Fault.NO_FACE: "We could not see a face – look straight into the camera, in good light.",
    Fault.TOO_SMALL: "Your face is too small – come closer, until it fills half of the picture.",
    Fault.CUT_OFF: "Part of your face is outside – move into the middle of the picture.",
    Fault.TOO_DARK: "Too dark – move to the window.",
    Fault.TOO_BRIGHT: "Too bright – turn away from the lamp or step out of the sun.",
    Fault.NO_COLOUR: "This photo has no colour – take one without a black and white filter.",
    Fault.BLURRED: "Blurred – hold still, wipe the lens, and let the camera focus on your face.",
    Fault.TURNED: "Turned to the side – look straight into the camera.",
    Fault.NODDED: "Hold the phone at the height of your eyes and keep your chin level.",
    Fault.UNEVEN_LIGHT: "One side is in the shade – turn towards the light.",
    Fault.COLOURED_LIGHT: "The light has a strong colour – move to daylight at a window.",
    Fault.COVERED: "Much of your face is covered – push back your hair and take off mask or glasses.",
    Fault.EYES_CLOSED: "Your eyes are closed – open them for the picture.",
    Fault.SEVERAL_FACES: "There are several faces – we looked at the largest one.",
}
GRAVE = frozenset(
    {
        Fault.NO_FACE,
        Fault.TOO_SMALL,
        Fault.TOO_DARK,
        Fault.TOO_BRIGHT,
        Fault.NO_COLOUR,
        Fault.BLURRED,
        Fault.TURNED,
        Fault.COVERED,
    }
)
"""With one of these a better photo is worth taking; the others are told and tolerated."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of one face's photo.

    width_px: of the face; brightness: median luminance of its skin, 0 to 1; clipped: share of skin that is white;
    whites: luminance of the brightest between the lids, which tells dark light from dark skin; evenness: darker cheek
    over brighter; sharpness: contrast of fine detail over coarser, 1 is crisp; cast: how far the light's colour is
    from neutral, natural logarithm; seen: share of the face that is bare skin.
    """

    width_px: float
    brightness: float
    clipped: float
    whites: float
    evenness: float
    sharpness: float
    cast: float
    seen: float
    pose: Pose
    faults: tuple[Fault, ...]

    @property
    def retake(self) -> bool:
        """Whether another photo would tell more."""
        return bool(GRAVE.intersection(self.faults))

    @property
    def advice(self) -> tuple[str, ...]:
        """For the customer, gravest first."""
        return tuple(WORDS[fault] for fault in self.faults)

    @property
    def trust(self) -> float:
        """0 to 1: what every other confidence is multiplied by where colours are concerned."""
        return float(np.prod([TRUST.get(fault, 1.0) for fault in self.faults]))


TRUST = {
    Fault.TOO_SMALL: 0.6,
    Fault.CUT_OFF: 0.8,
    Fault.TOO_DARK: 0.4,
    Fault.TOO_BRIGHT: 0.5,
    Fault.NO_COLOUR: 0.1,
    Fault.BLURRED: 0.8,
    Fault.TURNED: 0.8,
    Fault.UNEVEN_LIGHT: 0.8,
    Fault.COLOURED_LIGHT: 0.6,
    Fault.COVERED: 0.6,
}
SMALL_PX = 90  # of the face's width
DARK, BRIGHT, CLIPPED = 0.06, 0.80, 0.12
SHARP_AT = (
    128  # pixels of the face's width at which sharpness is judged, so that large photos are not favoured
)
BLURRED = 0.50
CRISP = 0.45  # of the finer detail over the coarser in a face that is in focus
TURNED_DEG, NODDED_DEG = 25.0, 24.0
UNEVEN = 0.35
CAST = 0.22
SEEN = 0.45
GREYEST = 0.02  # of the mean difference between channels, of full scale: black and white, or toned
OUTSIDE = 0.04  # of the mesh's points
_RIGHT_CHEEK, _LEFT_CHEEK = (50, 101, 118, 205), (280, 330, 347, 425)


def quality_of(
    photo: Photo,
    face: Face,
    skin: Mask | None,
    illuminant: Illuminant,
    *,
    eyes: EyeGeometry,
    mouth_seen: bool = True,
    others: Sequence[Face] = (),
) -> Quality:
    """Judge one face. skin: its bare skin; mouth_seen: whether lips were found; others: faces beside it."""
    points = face.landmarks.astype(np.float64)
    width = float(np.linalg.norm(points[CHEEKBONES[1], :2] - points[CHEEKBONES[0], :2]))
    length = float(np.linalg.norm(points[CHIN, :2] - points[FOREHEAD, :2]))
    pose = pose_of(face)
    rgb, light = _skin_pixels(photo, skin)
    brightness = float(np.median(light)) if len(light) else 0.0
    clipped = float((rgb >= 252).all(axis=-1).mean()) if len(rgb) else 0.0
    gains = np.log(illuminant.linear.astype(np.float64))
    found = {
        "whites": _whites(photo, points),
        "evenness": _evenness(photo, points, width),
        "sharpness": _sharpness(photo, face.box, width),
        "cast": float(np.hypot(gains[0] - gains[1], gains[2] - gains[1])),
        "seen": 0.0 if skin is None else float(skin.alpha.sum()) / 255 / max(0.785 * width * length, 1.0),
    }
    outside = ((points[:, :2] < 0) | (points[:, :2] >= photo.size[::-1])).any(axis=1).mean()
    wrong = {
        Fault.TOO_SMALL: width < SMALL_PX,
        Fault.CUT_OFF: outside > OUTSIDE,
        Fault.TOO_DARK: brightness < DARK and found["whites"] < DARK,
        Fault.TOO_BRIGHT: brightness > BRIGHT or clipped > CLIPPED,
        Fault.NO_COLOUR: _colourless(photo, face.box),
        Fault.BLURRED: found["sharpness"] < BLURRED,
        Fault.TURNED: abs(pose.yaw_deg) > TURNED_DEG,
        Fault.NODDED: abs(pose.pitch_deg) > NODDED_DEG,
        Fault.UNEVEN_LIGHT: found["evenness"] < UNEVEN,
        Fault.COLOURED_LIGHT: found["cast"] > CAST,
        Fault.COVERED: found["seen"] < SEEN or not mouth_seen,
        Fault.EYES_CLOSED: eyes.closed,
        Fault.SEVERAL_FACES: any(_rivals(face, other) for other in others),
    }
    faults = tuple(fault for fault in Fault if wrong.get(fault, False))
    return Quality(width, brightness, clipped, **found, pose=pose, faults=faults)


def _skin_pixels(photo: Photo, skin: Mask | None) -> tuple[Array, Array]:
    """(n, 3) uint8 and their luminance (n,)."""
    if skin is None:
        return np.zeros((0, 3), np.uint8), np.zeros(0)
    rgb = photo.rgb[skin.box.slices][skin.alpha > 200]
    return rgb, _luminance(rgb)


def _luminance(rgb: Array) -> Array:
    light: Array = _LINEAR[rgb] @ LUMINANCE
    return light


def _evenness(photo: Photo, points: Array, width: float) -> float:
    """The darker cheek's luminance over the brighter one's; 1 where one of them is not seen."""
    reach = max(1, round(0.04 * width))
    cheeks = []
    for places in (_RIGHT_CHEEK, _LEFT_CHEEK):
        x, y = points[list(places), :2].mean(axis=0).round().astype(int).tolist()
        patch = photo.rgb[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        if patch.size == 0:
            return 1.0
        cheeks.append(float(_luminance(patch).mean()))
    return min(cheeks) / max(*cheeks, 1e-6)


def _whites(photo: Photo, points: Array) -> float:
    """Luminance of the brightest sixth between the lids; 0 where the eyes lie outside."""
    seen = []
    for lids in (RIGHT_EYE, LEFT_EYE):
        outline = np.round(points[list(lids), :2]).astype(np.int32)
        low, high = np.maximum(outline.min(axis=0), 0), np.minimum(outline.max(axis=0) + 1, photo.size[::-1])
        if (high <= low).any():
            continue
        between = np.zeros((high - low)[::-1], np.uint8)
        cv2.fillPoly(between, [outline - low], (1,))
        seen.append(_luminance(photo.rgb[low[1] : high[1], low[0] : high[0]][between > 0]))
    light = np.concatenate(seen) if seen else np.zeros(0)
    return float(np.percentile(light, 85)) if len(light) else 0.0


def _sharpness(photo: Photo, box: Box, width: float) -> float:
    """How much of a face's contrast is in detail of a hundredth of its width, against what a crisp photo has."""
    part = cv2.cvtColor(photo.rgb[box.slices], cv2.COLOR_RGB2GRAY)
    scale = min(1.0, SHARP_AT / max(width, 1.0))
    size = max(8, round(part.shape[1] * scale)), max(8, round(part.shape[0] * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = cv2.GaussianBlur(small, (0, 0), 1.0)
    coarse = soft - cv2.GaussianBlur(small, (0, 0), 4.0)
    return float(np.std(small - soft) / max(float(np.std(coarse)), 1e-3)) / CRISP


def _colourless(photo: Photo, box: Box) -> bool:
    """Whether the face has no colour, or one only, as in black and white and toned photos."""
    rgb = photo.rgb[box.slices].reshape(-1, 3).astype(np.float32) / 255
    return float((rgb.max(axis=-1) - rgb.min(axis=-1)).mean()) < GREYEST


def _rivals(face: Face, other: Face) -> bool:
    """Whether another face is large enough to be meant."""
    return max(other.box.shape) > 0.5 * max(face.box.shape)
