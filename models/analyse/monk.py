"""The Monk Skin Tone scale: ten swatches from pale to deep, as published (Monk 2019)."""

from __future__ import annotations

import numpy as np

from looks.colour import delta_e00, hex_to_srgb, srgb_to_lab
from models.types import Array

MONK = (
    *("#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96"),
    *("#a07e56", "#825c43", "#604134", "#3a312a", "#292420"),
)
_LAB = np.array([srgb_to_lab(hex_to_srgb(tone)) for tone in MONK])


def distances(lab: Array) -> Array:
    """(..., 10) CIEDE2000 from Lab colours (..., 3) to each swatch."""
    apart: Array = delta_e00(lab[..., None, :], _LAB)
    return apart
