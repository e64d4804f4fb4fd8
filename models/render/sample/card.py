"""A card with a design's colours, flat and true: what is shown of a design that no renderer can draw yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from looks.colour import Swatch
from models.render.sample.studio import LARGER, exposed, place, table
from models.types import Array

RADIUS = 0.62  # of one colour's disc, in halves of the picture's side
SPAN = 1.62  # several discs lie side by side over this width
OVERLAP = 0.22  # of their diameter


def card(swatches: Sequence[Swatch], side: int) -> Array:
    """One disc for each colour, the leading one first and on top; a canvas of LARGER × side pixels."""
    size, count = side * LARGER, len(swatches)
    x, y = place(size)
    radius = min(RADIUS, SPAN / 2 / (1 + (count - 1) * (1 - OVERLAP)))
    apart = 2 * radius * (1 - OVERLAP)
    scene = None
    for number, swatch in reversed(list(enumerate(swatches))):
        middle = (number - (count - 1) / 2) * apart
        cover = np.clip(0.5 + (radius - np.hypot(x - middle, y)) * size / 2, 0, 1).astype(np.float32)
        ground = table(cover)
        scene = ground if scene is None else scene * (ground / table(np.zeros_like(cover)))
        scene += (swatch.linear.astype(np.float32) - scene) * cover[..., None]
    if scene is None:
        raise ValueError("a design has at least one colour")
    return exposed(scene)
