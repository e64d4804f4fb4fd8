"""The shape of a face from four ratios of its mesh: how near it lies to each of the shapes that stylists name.

Distances are taken in space, so that a head may turn a little. What is usual was measured on 261 faces of Clothing
Co-Parsing (Apache-2.0); spreads are widened, since those are mostly young women.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from models.analyse.mesh import (
    CHEEKBONES,
    CHIN,
    CHIN_SIDES,
    FOREHEAD,
    JAWS,
    LIP_SEAM_LOWER,
    LIP_SEAM_UPPER,
    TEMPLES,
    Pose,
    apart,
    pose_of,
)
from models.types import Array, Face


class FaceShape(StrEnum):
    OVAL = "oval"
    ROUND = "round"
    SQUARE = "square"
    OBLONG = "oblong"
    HEART = "heart"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Proportions:
    """Of the width over the cheekbones: the face's length, the widths of temples, jaw and chin."""

    length: float
    temples: float
    jaw: float
    chin: float


@dataclass(frozen=True, slots=True)
class FaceShapeFound:
    """shape, and how much the face has of each; confidence: of the first, less where the head is turned."""

    shape: FaceShape
    confidence: float
    shares: dict[FaceShape, float]
    proportions: Proportions


USUAL = np.array([1.185, 0.858, 0.796, 0.316])
SPREAD = np.array([0.050, 0.030, 0.024, 0.017])
# In spreads from what is usual: length, temples, jaw, chin.
PLACES = {
    FaceShape.OVAL: (0.4, 0.0, -0.3, -0.1),
    FaceShape.ROUND: (-1.4, -0.1, 0.3, 0.8),
    FaceShape.SQUARE: (-0.6, 0.6, 1.5, 1.0),
    FaceShape.OBLONG: (1.9, 0.3, 0.6, 0.2),
    FaceShape.HEART: (0.0, 1.2, -1.1, -1.0),
    FaceShape.DIAMOND: (0.4, -1.4, -0.9, -0.8),
}
REACH = 0.85  # of each place, in spreads
TURNED_DEG, NODDED_DEG = 18.0, 20.0
"""Where half of the confidence is gone."""


def face_shape(face: Face) -> FaceShapeFound:
    """The shape that the mesh is nearest to."""
    proportions = proportions_of(face)
    each = (proportions.length, proportions.temples, proportions.jaw, proportions.chin)
    at = (np.array(each) - USUAL) / SPREAD
    away = np.array([((at - place) ** 2).sum() for place in PLACES.values()]) / REACH**2
    share = np.exp(-0.5 * (away - away.min()))
    share = share / share.sum()
    shares = {shape: float(one) for shape, one in zip(PLACES, share, strict=True)}
    best = max(shares, key=lambda shape: shares[shape])
    return FaceShapeFound(best, shares[best] * frontal(pose_of(face)), shares, proportions)


def proportions_of(face: Face) -> Proportions:
    """Measured in space; an open mouth is closed first, as far as it lengthens the face."""
    points: Array = face.landmarks.astype(np.float64)
    width = apart(points, *CHEEKBONES)
    return Proportions(
        length=(apart(points, FOREHEAD, CHIN) - apart(points, LIP_SEAM_UPPER, LIP_SEAM_LOWER)) / width,
        temples=apart(points, *TEMPLES) / width,
        jaw=apart(points, *JAWS) / width,
        chin=apart(points, *CHIN_SIDES) / width,
    )


def frontal(pose: Pose) -> float:
    """1 for a face that looks into the camera, falling to 0 as it turns away or nods."""
    return float(1 / (1 + (pose.yaw_deg / TURNED_DEG) ** 4 + (pose.pitch_deg / NODDED_DEG) ** 4))
