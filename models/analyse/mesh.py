"""Places of MediaPipe's face mesh that analysis measures between, and how the head is held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.types import Array, Face

# "Right" and "left" are the person's own; right lies to the left in a photo.
FOREHEAD, CHIN = 10, 152
CHEEKBONES = (234, 454)
TEMPLES = (54, 284)
JAWS = (172, 397)
CHIN_SIDES = (176, 400)
RIGHT_EYE, LEFT_EYE = (33, 133), (263, 362)
"""Outer and inner corner."""
RIGHT_LIDS, LEFT_LIDS = (159, 145), (386, 374)
"""Middle of the upper and of the lower lid."""
RIGHT_BROW, LEFT_BROW = (46, 52, 55), (276, 282, 285)
"""Lower edge: outer end, above the pupil, inner end."""
RIGHT_ARCH, LEFT_ARCH = (70, 105, 107), (300, 334, 336)
"""Upper edge: outer end, highest point, inner end."""
RIGHT_IRIS, LEFT_IRIS = 468, 473
"""Middle of the iris; four points of its rim follow each."""
MOUTH = (61, 291)
LIP_TOP, LIP_SEAM_UPPER, LIP_SEAM_LOWER, LIP_BOTTOM = 0, 13, 14, 17
CUPID = (37, 267)

PITCH_AT_REST_DEG = 4.0  # of faces that look into the camera


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is held, degrees: yaw turns to the side, pitch nods, roll leans; 0 looks into the camera."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def pose_of(face: Face) -> Pose:
    """From the depth that the mesh gives its points."""
    points = face.landmarks.astype(np.float64)
    across = points[CHEEKBONES[1]] - points[CHEEKBONES[0]]
    down = points[CHIN] - points[FOREHEAD]
    flat = float(np.hypot(across[0], across[1]))
    return Pose(
        yaw_deg=float(np.degrees(np.arctan2(across[2], flat))),
        pitch_deg=float(np.degrees(np.arctan2(down[2], np.hypot(down[0], down[1])))) - PITCH_AT_REST_DEG,
        roll_deg=float(np.degrees(np.arctan2(across[1], across[0]))),
    )


def apart(points: Array, one: int, other: int) -> float:
    """Distance of two places in space, which turning the head leaves as it is."""
    return float(np.linalg.norm(points[one] - points[other]))
