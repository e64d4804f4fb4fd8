"""Which way the strands run, and noise that runs with them.

Orientation by the structure tensor (Bigün and Granlund 1987), noise by line integral convolution (Cabral and Leedom
1993) whose lines grow by pieces: averaging over short steps, then over longer ones, follows a curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array

SPREAD = 3.0  # pixels of the reduced picture over which orientations are averaged
FAINT = 0.02  # squared contrast under which strands are taken to hang
STEPS = (1.5, 2.5, 4.0, 6.0, 8.0, 8.0, 8.0)  # pixels each way
CLUMP = 5  # times coarser than a strand


@dataclass(frozen=True, slots=True)
class Flow:
    """(rows, columns) float32 at the reduced size, mean 0 and deviation 1 in the hair. strand: thin; clump: locks."""

    strand: Array
    clump: Array


def flow(small: Array, alpha: Array, down: Array, seed: int) -> Flow:
    """Noise along the strands of a log luminance; down: (2,) where hair hangs that shows no strands."""
    along_x, along_y = _orientation(small, alpha, down)
    rng = np.random.default_rng(seed)
    rows, columns = small.shape
    fine = rng.standard_normal((rows, columns), dtype=np.float32)
    coarse: Array = rng.standard_normal((-(-rows // CLUMP), -(-columns // CLUMP)), dtype=np.float32)
    coarse = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    both: Array = np.stack([fine, coarse], axis=-1)
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    for step in STEPS:
        dx, dy = along_x * np.float32(step), along_y * np.float32(step)
        ahead, behind = (
            cv2.remap(both, x + sign * dx, y + sign * dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            for sign in (1, -1)
        )
        both = (both + ahead + behind) / 3
    inside = alpha > 0.5 if np.any(alpha > 0.5) else alpha > 0
    strand, clump = (
        (one - one[inside].mean()) / (one[inside].std() + 1e-6) for one in np.moveaxis(both, -1, 0)
    )
    return Flow(strand, clump)


def _orientation(small: Array, alpha: Array, down: Array) -> tuple[Array, Array]:
    """(rows, columns) each: unit vectors along the strands; their sign says nothing."""
    filled = small.copy()
    inside = alpha > 0.5
    if inside.any():
        filled[~inside] = small[inside].mean()
    gx, gy = (cv2.Sobel(filled, cv2.CV_32F, dx, 1 - dx, ksize=3) for dx in (1, 0))
    xx, yy, xy = (cv2.GaussianBlur(part, (0, 0), SPREAD) for part in (gx * gx, gy * gy, gx * gy))
    # Twice the angle of the strands, which run across the gradient; without contrast they hang.
    double_x = yy - xx + FAINT * (down[0] ** 2 - down[1] ** 2)
    double_y = -2 * xy + FAINT * 2 * down[0] * down[1]
    angle = 0.5 * np.arctan2(double_y, double_x)
    return np.cos(angle), np.sin(angle)
