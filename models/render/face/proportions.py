"""Which parts of a face a contour is laid on, from the proportions that its mesh shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.types import Array

OVAL = (1.28, 0.80, 0.66)
"""Length, jaw and forehead of an even oval face over its width, as the mesh measures them."""
STEPS = (0.10, 0.06, 0.05)  # differences from it that make a face clearly long, square-jawed or broad-browed


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Shares from 0 to 1 of a full contour on each part."""

    hollow: float
    jaw: float
    temple: float
    hairline: float
    chin: float


def emphasis(landmarks: Array) -> Emphasis:
    """Round faces are slimmed at cheek and jaw, long ones shortened at hairline and chin, angles softened."""
    width = _between(landmarks, 234, 454)
    length, jaw, brow = (_between(landmarks, *pair) / width for pair in ((10, 152), (172, 397), (103, 332)))
    long, square, broad = (
        float(np.clip((found - usual) / step, -1, 1))
        for found, usual, step in zip((length, jaw, brow), OVAL, STEPS, strict=True)
    )
    return Emphasis(
        hollow=0.85 + 0.15 * max(0.0, -long),
        jaw=0.35 + 0.35 * max(0.0, square, -long),
        temple=0.40 + 0.35 * max(0.0, broad),
        hairline=0.15 + 0.45 * max(0.0, long),
        chin=0.35 * max(0.0, long),
    )


def _between(landmarks: Array, one: int, other: int) -> float:
    return max(float(np.linalg.norm(landmarks[one] - landmarks[other])), 1e-3)
