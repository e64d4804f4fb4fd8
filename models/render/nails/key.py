"""Where the light comes from, told by the shading of all nails of a photo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.render.nails.surface import SIDE_TILT, Surface
from models.render.shading import Shading
from models.types import Array

USUAL = np.array([-0.34, -0.42])  # of what people are lit by: from above, a little from the left
TRUST = 0.35  # in the usual light, in nails


def key_light(nails: Iterable[tuple[Surface, Shading]]) -> Array:
    """(2,) float64: right and down parts of the key light's direction, its part towards the camera being 1.

    A plate that bends from side to side gets brighter towards the light (Lambert's cosine law), so that each nail tells
    the light's part along its own width; fingers that point different ways tell the whole of it.
    """
    left, right = TRUST * np.eye(2), TRUST * USUAL
    for surface, shading in nails:
        v, lit = shading.across[shading.core], shading.diffuse[shading.core]
        if len(v) < 2:
            continue
        slope = float(np.cov(v, lit)[0, 1] / (np.var(v) + 1e-3)) / float(np.sin(SIDE_TILT))
        left += np.outer(surface.side, surface.side)
        right = right + float(np.clip(slope, -1.2, 1.2)) * surface.side
    direction: Array = np.linalg.solve(left, right)
    return direction
