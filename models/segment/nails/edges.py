"""The lines that bound a nail: its cuticle line and its free edge, from the mask's outline."""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array, Nail

POINTS = 15
TURNED = 0.5
"""Cosine between the outline's normal and the nail's axis from which on it bounds an end, not a side."""
REACH = 4
"""Points of the outline on each side over which its normal is taken."""


def cuticle_line(nail: Nail) -> Array:
    """(POINTS, 2) float32 photo pixels along the cuticle, from the nail's left to its right as its tip points up."""
    return _end(nail, -1)


def free_edge(nail: Nail) -> Array:
    """(POINTS, 2) float32 photo pixels along the free edge, from left to right as the tip points up."""
    return _end(nail, 1)


def _end(nail: Nail, towards: int) -> Array:
    cuticle, tip = nail.axis.astype(np.float64)
    ahead = (tip - cuticle) / max(float(np.linalg.norm(tip - cuticle)), 1.0)
    right = np.array([-ahead[1], ahead[0]])
    outline = _outline(nail)
    tangent = np.roll(outline, -REACH, axis=0) - np.roll(outline, REACH, axis=0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    outward = np.sign(((outline - outline.mean(0)) * normal).sum(1).mean() or 1.0)
    ends = outline[outward * towards * (normal @ ahead) > TURNED]
    if len(ends) < 2:
        ends = (cuticle if towards < 0 else tip) + np.outer([-0.25, 0.25], right) * nail.width_px
    across = ends @ right
    order = np.argsort(across)
    wanted = np.linspace(across.min(), across.max(), POINTS)
    line = [np.interp(wanted, across[order], ends[order, axis]) for axis in (0, 1)]
    points: Array = np.stack(line, axis=1).astype(np.float32)
    return points


def _outline(nail: Nail) -> Array:
    """(n, 2) photo pixels around the largest part of the mask."""
    nail_or_not = cv2.copyMakeBorder(
        (nail.mask.alpha > 127).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT
    )
    parts, _ = cv2.findContours(nail_or_not, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not parts:
        return nail.axis.astype(np.float64)
    largest = max(parts, key=len)[:, 0].astype(np.float64)
    corner = np.array([nail.mask.box.x0, nail.mask.box.y0])
    outline: Array = largest + corner - 0.5
    return outline
