"""Undertone: whether skin is pinker or more golden than skin of its lightness mostly is, or greenish.

Hue is judged against lightness, since deeper skin is redder by itself; the line is that of faces as cameras show them,
a few degrees redder than spectrophotometers do.
Sources: Xiao et al. 2017 (skin colour of four populations); de Rigal et al. 2010 (hue and undertone).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from models.analyse.skin_tone import Skins
from models.types import Array

LINE_DEG, AT_LIGHTNESS, PER_LIGHTNESS = 53.0, 62.0, 0.25
"""Hue of neutral skin at a lightness, and how it rises with it."""
HALF_WIDTH_DEG, SOFT_DEG = 5.0, 2.0
"""Of what is called neutral, and of its edges."""
GREYEST = 4.0  # Lab chroma: a black and white photo tells no undertone
OLIVE_CHROMA, OLIVE_FADE, OLIVE_SOFT = 18.0, 40.0, 2.0
"""Golden skin below this chroma looks greenish: it lacks red. Steps of lightness to either side at which no chroma is."""
SPAN_DEG = 12.0  # from neutral to plainly warm or cool


class Undertone(StrEnum):
    COOL = "cool"
    NEUTRAL = "neutral"
    WARM = "warm"
    OLIVE = "olive"


@dataclass(frozen=True, slots=True)
class UndertoneFound:
    """undertone; shares: how much of the plausible skins each is; temperature: -1 cool to 1 warm; hue_deg: Lab hue."""

    undertone: Undertone
    confidence: float
    shares: dict[Undertone, float]
    temperature: float
    hue_deg: float


def undertone_of(skins: Skins) -> UndertoneFound | None:
    """The undertone that most of the plausible skins have; None where the photo shows no colour."""
    chroma = np.hypot(skins.lab[:, 1], skins.lab[:, 2])
    if chroma[0] < GREYEST:
        return None
    away = _away(skins.lab)
    warm = _above(away, HALF_WIDTH_DEG, SOFT_DEG)
    cool = _above(-away, HALF_WIDTH_DEG, SOFT_DEG)
    usual = OLIVE_CHROMA * (1 - ((skins.lab[:, 0] - AT_LIGHTNESS) / OLIVE_FADE) ** 2)
    olive = warm * _above(usual - chroma, 0.0, OLIVE_SOFT)
    each = {
        Undertone.COOL: cool,
        Undertone.NEUTRAL: np.clip(1 - warm - cool, 0, 1),
        Undertone.WARM: warm - olive,
        Undertone.OLIVE: olive,
    }
    shares = {undertone: float(skins.weight @ share) for undertone, share in each.items()}
    best = max(shares, key=lambda undertone: shares[undertone])
    temperature = float(np.clip(skins.weight @ away / SPAN_DEG, -1, 1))
    hue = float(np.degrees(np.arctan2(skins.likeliest[2], skins.likeliest[1])))
    return UndertoneFound(best, shares[best], shares, temperature, hue)


def _away(lab: Array) -> Array:
    """Degrees of hue above the line, (...,) from Lab (..., 3)."""
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    away: Array = hue - LINE_DEG - PER_LIGHTNESS * (lab[..., 0] - AT_LIGHTNESS)
    return away


def _above(value: Array, bound: float, soft: float) -> Array:
    share: Array = 1 / (1 + np.exp(-(value - bound) / soft))
    return share
