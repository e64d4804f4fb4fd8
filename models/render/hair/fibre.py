"""What pigment does to the light within a head of hair.

Between pale fibres light goes on from strand to strand and fills the gaps; dark fibres swallow it and leave the gaps
black. Of a gap that sees the share v of the light, fibres of albedo r give r v / (1 - r (1 - v)) of what an open strand
gives (a cavity of equal walls, after Langer and Zucker 1994). Its slope in logarithms is the contrast of the strands.
"""

from __future__ import annotations

import numpy as np

from models.types import Array

OPEN = 0.5  # share of the light that a usual strand sees
PALEST = 0.88
BRIGHTEST = 0.95  # linear light of the best lit hair without pigment


def contrast(albedo: Array | float) -> Array:
    """How much of the gaps' log depth shows, 1 for black hair and less the paler it is; per value of the albedo."""
    r = np.minimum(albedo, PALEST)
    found: Array = np.asarray((1 - r) / (1 - r * (1 - OPEN)), np.float32)
    return found


def over(lift: Array, albedo: Array) -> Array:
    """(n,) by how much a log lift over the albedo, (n,) each, exceeds what a head of hair can give back.

    Pale hair is lit from within already: no strand of it is many times brighter than the others, as dark ones are.
    """
    room = np.log(BRIGHTEST / np.minimum(albedo, PALEST))
    up = np.maximum(lift, 0)
    excess: Array = up - room * (1 - np.exp(-up / room))
    return excess


def shoulder(light: Array, knee: float = 0.80) -> Array:
    """Light above the knee compressed as a camera does it, in place; never above 1."""
    bright = light > knee
    light[bright] = knee + (1 - knee) * (1 - np.exp((knee - light[bright]) / (1 - knee)))
    return light
