"""Where the photo's light comes from, as a nail tells it."""

from __future__ import annotations

import numpy as np

from models.render.light import luminance
from models.render.nails.surface import Surface
from models.types import Array

LEAN, UP = 0.62, 0.78  # of a light whose side is known; photographers' light is never flat from behind
ENOUGH = 1200  # pixels to look at
FAINT = 0.04  # a nail whose brightness turns less than this over its normals says nothing
USUAL = np.array((-0.42, -0.46, 0.78), np.float32)  # from the upper left, as on the sample tips


def lamp(ground: Array, surface: Surface, alpha: Array) -> Array:
    """(3,) unit vector towards the light, from the bare nail's linear light (h, w, 3) by least squares (Lambert)."""
    step = max(1, int(np.sqrt(alpha.size / ENOUGH)))
    ground, core, normal = ground[::step, ::step], alpha[::step, ::step] > 230, surface.normal[::step, ::step]
    if np.count_nonzero(core) < 24:
        return USUAL / np.float32(np.linalg.norm(USUAL))
    bright = luminance(ground)[core]
    low, middle, high = np.percentile(bright, [5, 50, 85])  # neither gaps nor highlights
    kept = (bright >= low) & (bright <= high)
    facing = normal[core][kept]
    terms = np.column_stack([np.ones(len(facing)), facing[:, :2]])
    fit = np.linalg.lstsq(terms, bright[kept] / max(float(middle), 1e-3), rcond=None)[0]
    side = fit[1:]
    strength = float(np.hypot(*side))
    if strength < FAINT:
        return USUAL / np.float32(np.linalg.norm(USUAL))
    towards = np.array((*(LEAN * side / strength), UP), np.float32)
    unit: Array = towards / np.float32(np.linalg.norm(towards))
    return unit
