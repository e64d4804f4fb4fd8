"""Lips, eyes and brows by their measures, and the words that stylists have for them.

Measured on the mesh alone; what is usual as in `face_shape`. A closed eye, a laughing mouth or a turned head changes
the measures: confidence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from models.analyse.face_shape import frontal
from models.analyse.mesh import (
    CHEEKBONES,
    CUPID,
    LEFT_ARCH,
    LEFT_BROW,
    LEFT_EYE,
    LEFT_LIDS,
    LIP_BOTTOM,
    LIP_SEAM_LOWER,
    LIP_SEAM_UPPER,
    LIP_TOP,
    MOUTH,
    RIGHT_ARCH,
    RIGHT_BROW,
    RIGHT_EYE,
    RIGHT_LIDS,
    apart,
    pose_of,
)
from models.types import Array, Face

Name = TypeVar("Name", bound=StrEnum)


class LipFullness(StrEnum):
    FINE = "fine"
    MEDIUM = "medium"
    FULL = "full"


class LipBalance(StrEnum):
    UPPER_FULLER = "upper_fuller"
    EVEN = "even"
    LOWER_FULLER = "lower_fuller"


class EyeShape(StrEnum):
    ALMOND = "almond"
    ROUND = "round"
    NARROW = "narrow"


class EyeTilt(StrEnum):
    UPTURNED = "upturned"
    LEVEL = "level"
    DOWNTURNED = "downturned"


class EyeSpacing(StrEnum):
    CLOSE = "close"
    USUAL = "usual"
    WIDE = "wide"


class BrowDistance(StrEnum):
    LOW = "low"
    USUAL = "usual"
    HIGH = "high"


class BrowArch(StrEnum):
    STRAIGHT = "straight"
    SOFT = "soft"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class LipShape:
    """width: of the face's; fullness_ratio: red of both lips over the mouth's width; balance_ratio: upper over lower;

    bow_depth: of the cupid's bow, of the mouth's width.
    """

    fullness: LipFullness
    balance: LipBalance
    width: float
    fullness_ratio: float
    balance_ratio: float
    bow_depth: float
    open: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class EyeGeometry:
    """opening: lids' distance over the eye's width; tilt_deg: outer corner above the inner; spacing: between the eyes,

    in eyes' widths.
    """

    shape: EyeShape
    tilt: EyeTilt
    spacing: EyeSpacing
    opening: float
    tilt_deg: float
    spacing_ratio: float
    closed: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class BrowGeometry:
    """distance_ratio: from the lid to the brow; arch_ratio: of the highest point over the ends; in widths of an eye."""

    distance: BrowDistance
    arch: BrowArch
    distance_ratio: float
    arch_ratio: float
    confidence: float


FINE, FULL = 0.28, 0.42  # both lips over the mouth's width; usually 0.34
UPPER, LOWER = 1.10, 0.72  # upper over lower lip; usually 0.86
OPEN = 0.06  # between the lips over the mouth's width
SMILE = 0.46  # of the face's width: a mouth that is wider smiles, and its lips are stretched
CLOSED, NARROW, ROUND = 0.14, 0.25, 0.36  # opening over width; usually 0.30
UP_DEG, DOWN_DEG = 5.5, 0.5  # usually 3 to 4
CLOSE, WIDE = 1.15, 1.40  # usually 1.26
LOW, HIGH = 0.50, 0.70  # usually 0.60
STRAIGHT, ARCHED = 0.18, 0.235  # usually 0.21
LEAST_EYE_PX, LEAST_MOUTH_PX = 16, 24  # below these the mesh is guessing


def lip_shape(face: Face) -> LipShape:
    """Fullness, balance and bow of the lips."""
    points: Array = face.landmarks.astype(np.float64)
    mouth = apart(points, *MOUTH)
    upper = apart(points, LIP_TOP, LIP_SEAM_UPPER) / mouth
    lower = apart(points, LIP_SEAM_LOWER, LIP_BOTTOM) / mouth
    width = mouth / apart(points, *CHEEKBONES)
    opened = apart(points, LIP_SEAM_UPPER, LIP_SEAM_LOWER) / mouth > OPEN
    ratio, balance = upper + lower, upper / max(lower, 1e-6)
    peaks = (points[CUPID[0]] + points[CUPID[1]]) / 2
    down = _down(points)
    confidence = frontal(pose_of(face)) * min(1.0, mouth / LEAST_MOUTH_PX) * (0.6 if width > SMILE else 1.0)
    return LipShape(
        fullness=_of(ratio, (FINE, FULL), tuple(LipFullness)),
        balance=_of(-balance, (-UPPER, -LOWER), tuple(LipBalance)),
        width=width,
        fullness_ratio=ratio,
        balance_ratio=balance,
        bow_depth=float((points[LIP_TOP] - peaks) @ down) / mouth,
        open=bool(opened),
        confidence=confidence,
    )


def eye_geometry(face: Face) -> EyeGeometry:
    """Shape, tilt and spacing of the eyes, both taken together."""
    points: Array = face.landmarks.astype(np.float64)
    widths = [apart(points, *corners) for corners in (RIGHT_EYE, LEFT_EYE)]
    openings = [apart(points, *lids) for lids in (RIGHT_LIDS, LEFT_LIDS)]
    width = float(np.mean(widths))
    opening = float(np.mean(openings)) / width
    down = _down(points)
    tilts = [
        np.arcsin(np.clip((points[inner] - points[outer]) @ down / apart(points, outer, inner), -1, 1))
        for outer, inner in (RIGHT_EYE, LEFT_EYE)
    ]
    tilt = float(np.degrees(np.mean(tilts)))
    spacing = apart(points, RIGHT_EYE[1], LEFT_EYE[1]) / width
    closed = opening < CLOSED
    confidence = frontal(pose_of(face)) * min(1.0, width / LEAST_EYE_PX) * (0.3 if closed else 1.0)
    return EyeGeometry(
        shape=_of(opening, (NARROW, ROUND), (EyeShape.NARROW, EyeShape.ALMOND, EyeShape.ROUND)),
        tilt=_of(-tilt, (-UP_DEG, -DOWN_DEG), tuple(EyeTilt)),
        spacing=_of(spacing, (CLOSE, WIDE), tuple(EyeSpacing)),
        opening=opening,
        tilt_deg=tilt,
        spacing_ratio=spacing,
        closed=bool(closed),
        confidence=confidence,
    )


def brow_geometry(face: Face) -> BrowGeometry:
    """How far the brows lie above the eyes, and how they are arched."""
    points: Array = face.landmarks.astype(np.float64)
    width = float(np.mean([apart(points, *corners) for corners in (RIGHT_EYE, LEFT_EYE)]))
    lids = ((RIGHT_BROW, RIGHT_LIDS), (LEFT_BROW, LEFT_LIDS))
    distance = float(np.mean([apart(points, brow[1], lid[0]) for brow, lid in lids])) / width
    down = _down(points)
    arches = [
        float(((points[outer] + points[inner]) / 2 - points[top]) @ down)
        for outer, top, inner in (RIGHT_ARCH, LEFT_ARCH)
    ]
    arch = float(np.mean(arches)) / width
    return BrowGeometry(
        distance=_of(distance, (LOW, HIGH), tuple(BrowDistance)),
        arch=_of(arch, (STRAIGHT, ARCHED), tuple(BrowArch)),
        distance_ratio=distance,
        arch_ratio=arch,
        confidence=frontal(pose_of(face)) * min(1.0, width / LEAST_EYE_PX),
    )


def _down(points: Array) -> Array:
    """(3,) unit vector from the forehead to the chin, at a right angle to the line between the cheekbones."""
    across = points[CHEEKBONES[1]] - points[CHEEKBONES[0]]
    across = across / np.linalg.norm(across)
    down = points[152] - points[10]
    down = down - (down @ across) * across
    unit: Array = down / np.linalg.norm(down)
    return unit


def _of(value: float, bounds: tuple[float, float], names: tuple[Name, ...]) -> Name:
    """The first name below the first bound, the second below the second, else the third."""
    return names[sum(value >= bound for bound in bounds)]
