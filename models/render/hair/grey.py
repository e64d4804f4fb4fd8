"""Which hairs are grey: strands without pigment among those that have it."""

from __future__ import annotations

import numpy as np

from models.render.hair.strands import Strands
from models.types import Array

BRIGHT = (
    0.25,
    0.60,
)  # log over its surroundings, from where to where a strand passes for one without pigment
PALE = (0.35, 0.15)  # chroma over lightness in linear light, from where to where hair passes for grey
SEEN = (0.035, 0.10)  # linear light: darker hair holds pigment whatever its hue


def grey_of(strands: Strands) -> Array:
    """(n,) share of grey in each pixel."""
    light = strands.light
    most, least = light.max(axis=-1), light.min(axis=-1)
    pale = _ramp((most - least) / np.maximum(most, 1e-3), *PALE)
    y = np.exp(strands.smooth + strands.detail) * strands.level
    seen = _ramp(y, *SEEN)
    found: Array = pale * seen
    return found


def _ramp(x: Array, start: float, end: float) -> Array:
    t: Array = np.clip((x - np.float32(start)) / np.float32(end - start), 0, 1)
    return t * t * (3 - 2 * t)
