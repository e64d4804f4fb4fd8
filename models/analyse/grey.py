"""Which hairs are grey: strands without pigment among those that have it, or a head without any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.analyse.strands import Strands
from models.types import Array

PALE = (0.42, 0.22)  # chroma over brightness in linear light, from where to where hair passes for grey
STRAND = (0.35, 0.80)  # log over its surroundings, from where to where one strand passes for unpigmented
ALONE = (0.7, 1.2)  # the same over the darkest strands close by
BRIGHT = (0.04, 0.10)  # linear light that it sends at least
HEAD = (0.06, 0.13)  # the same of a whole lock
SOME = 0.10  # share of a head under which what is pale is a lamp that it mirrors
COARSE, FINE = 0.15, 0.20  # log brightness that is left of a grey strand when it is coloured
LIT = (0.025, 0.06)  # of the whole head: pale places on darker hair are a lamp that it mirrors


def grey_of(strands: Strands) -> Array:
    """(n,) share of grey in each pixel; 0 everywhere on a head with too little to be sure."""
    if share_of_grey(strands) < SOME:
        return np.zeros(len(strands.light), np.float32)
    return _grey(strands, np.arange(len(strands.light)))


def share_of_grey(strands: Strands) -> float:
    """Of a head, 0 to 1."""
    core = strands.core
    share = float(_grey(strands, core).mean())
    return share if share >= SOME else 0.0


def pigmented(strands: Strands) -> Array:
    """Indices of what is all hair and holds pigment."""
    core = strands.core
    found: Array = core[_grey(strands, core) < 0.5]
    return found


def _grey(strands: Strands, chosen: Array) -> Array:
    """Share of grey in the chosen pixels."""
    light, level = strands.light[chosen], strands.level
    red, green, blue = light[:, 0], light[:, 1], light[:, 2]
    most = np.maximum(np.maximum(red, green), np.maximum(blue, np.float32(1e-3)))
    least = np.minimum(np.minimum(red, green), blue)
    pale = _ramp((most - least) / most, *PALE) * _ramp(most, *BRIGHT)
    lock = np.exp(strands.smooth[chosen]) * np.float32(level)
    mass = _ramp(lock, *HEAD) * _ramp(np.float32(level), *LIT)
    # A lamp that hair mirrors is a band of many strands; a grey hair lies between dark ones.
    alone = _ramp(np.log(most / np.maximum(strands.floor[chosen], 1e-3)), *ALONE)
    single = _ramp(np.log(most / lock), *STRAND) * alone
    found: Array = pale * np.maximum(mass, single)
    return found


def without_grey(strands: Strands, grey: Array) -> Strands:
    """The strands as if grey ones held pigment like the others: they are no highlights, and hardly brighter."""
    if not grey.any():
        return strands
    smooth, detail = (
        one + grey * (np.minimum(one, most) - one)
        for one, most in ((strands.smooth, COARSE), (strands.detail, FINE))
    )
    return replace(strands, smooth=smooth, detail=detail, gloss=strands.gloss * (1 - grey))


def _ramp(x: Array | np.float32, start: float, end: float) -> Array:
    t = np.clip((x - np.float32(start)) * np.float32(1 / (end - start)), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth
