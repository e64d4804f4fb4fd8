"""The colour of a surface apart from its gloss: what is neither a highlight nor the shadow beside it."""

from __future__ import annotations

import numpy as np

from models.types import Array

HIGHLIGHT = 1.35  # times the median: brighter is gloss


def calm_part(y: Array, inside: Array) -> tuple[Array, float]:
    """(h, w) bool of the surface `inside` whose luminance y lies about the median, and that median."""
    middle = float(np.median(y[inside]))
    return inside & (y < HIGHLIGHT * middle) & (y > middle / HIGHLIGHT), middle
