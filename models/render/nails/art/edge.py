"""Painted edges: from a signed distance in pixels to the share of paint."""

from __future__ import annotations

import numpy as np

from models.types import Array


def covered(distance_px: Array, soft_px: float = 0.0) -> Array:
    """Share of each pixel on the positive side; crisp edges are one pixel wide, soft ones ease over ± soft_px."""
    half = max(0.5, soft_px)
    share = np.clip(0.5 + distance_px / (2 * half), 0, 1)
    eased: Array = share * share * (3 - 2 * share) if half > 0.5 else share
    return eased.astype(np.float32)


def over(below: Array, colour: Array, share: Array) -> Array:
    """Paint of one colour (3,) on (h, w, 3), linear light."""
    mixed: Array = below + (colour - below) * share[..., None]
    return mixed
