"""Which hairs are grey: strands without pigment among those that have it, or a head without any."""

from __future__ import annotations

import numpy as np

from models.analyse.strands import Strands
from models.types import Array

PALE = (0.42, 0.22)  # chroma over brightness in linear light, from where to where hair passes for grey
STRAND = (0.20, 0.45)  # log over its surroundings, from where to where one strand passes for unpigmented
BRIGHT = (0.04, 0.10)  # linear light that it sends at least
HEAD = (0.06, 0.13)  # the same of a whole lock
LIT = (0.025, 0.06)  # of the whole head: pale places on darker hair are a lamp that it mirrors


def grey_of(strands: Strands) -> Array:
    """(n,) share of grey in each pixel."""
    most, least = strands.light.max(axis=-1), strands.light.min(axis=-1)
    pale = _ramp((most - least) / np.maximum(most, 1e-3), *PALE)
    lock = np.exp(strands.smooth) * np.float32(strands.level)
    mass = _ramp(lock, *HEAD) * _ramp(np.float32(strands.level), *LIT)
    single = _ramp(strands.detail, *STRAND) * _ramp(most, *BRIGHT)
    found: Array = pale * np.maximum(mass, single)
    return found


def _ramp(x: Array | np.float32, start: float, end: float) -> Array:
    t = np.clip((x - np.float32(start)) * np.float32(1 / (end - start)), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth
