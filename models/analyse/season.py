"""The seasonal palette: twelve seasons by warmth, depth and contrast of skin, eyes and hair.

A convention of colour consultants rather than a measurement: each season is a place in the space of three axes, and a
face belongs to those it lies near.
Sources: Itten 1961 (seasons), Jackson 1980 (four), Kentner 1978 and Caygill 1980 (finer ones).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from models.types import Array


class Season(StrEnum):
    LIGHT_SPRING = "light_spring"
    WARM_SPRING = "warm_spring"
    CLEAR_SPRING = "clear_spring"
    LIGHT_SUMMER = "light_summer"
    COOL_SUMMER = "cool_summer"
    SOFT_SUMMER = "soft_summer"
    SOFT_AUTUMN = "soft_autumn"
    WARM_AUTUMN = "warm_autumn"
    DEEP_AUTUMN = "deep_autumn"
    DEEP_WINTER = "deep_winter"
    COOL_WINTER = "cool_winter"
    CLEAR_WINTER = "clear_winter"


# Warmth from -1 to 1, depth of the whole face and clarity (contrast and chroma) from 0 to 1.
PLACES = {
    Season.LIGHT_SPRING: (0.35, 0.10, 0.45),
    Season.WARM_SPRING: (0.85, 0.30, 0.60),
    Season.CLEAR_SPRING: (0.35, 0.40, 0.90),
    Season.LIGHT_SUMMER: (-0.35, 0.10, 0.35),
    Season.COOL_SUMMER: (-0.85, 0.35, 0.35),
    Season.SOFT_SUMMER: (-0.35, 0.45, 0.10),
    Season.SOFT_AUTUMN: (0.35, 0.45, 0.10),
    Season.WARM_AUTUMN: (0.85, 0.60, 0.35),
    Season.DEEP_AUTUMN: (0.40, 0.90, 0.50),
    Season.DEEP_WINTER: (-0.35, 0.90, 0.60),
    Season.COOL_WINTER: (-0.85, 0.65, 0.75),
    Season.CLEAR_WINTER: (-0.35, 0.55, 0.95),
}
NEAR = np.array([0.40, 0.22, 0.25])  # of each axis, how far a season reaches

PALE, DEEP = 80.0, 30.0  # L* of the face between which depth runs
DULL, CLEAR = 12.0, 52.0  # steps of L* between skin, hair and eyes between which clarity runs
VIVID = 0.35  # of a step: what a step of the eyes' chroma adds to clarity
SHARES = {"skin": 0.5, "hair": 0.35, "eyes": 0.15}  # of the face's depth
UNKNOWN_HAIR, UNKNOWN_EYES = 0.7, 0.85  # of the confidence that is left


@dataclass(frozen=True, slots=True)
class SeasonFound:
    """season and the second best; warmth -1 to 1, depth and clarity 0 to 1: where the face lies."""

    season: Season
    second: Season
    confidence: float
    warmth: float
    depth: float
    clarity: float


def season_of(
    skin: Array, warmth: float, *, hair: Array | None, eyes: Array | None, sure: float
) -> SeasonFound:
    """The season of Lab colours (3,) of skin, hair and iris. sure: how sure the warmth is, 0 to 1."""
    known = {"skin": skin, "hair": hair, "eyes": eyes}
    seen = {name: lab for name, lab in known.items() if lab is not None}
    total = sum(SHARES[name] for name in seen)
    lightness = sum(SHARES[name] * float(lab[0]) for name, lab in seen.items()) / total
    depth = float(np.clip((PALE - lightness) / (PALE - DEEP), 0, 1))
    clarity = float(np.clip((_contrast(skin, hair, eyes) - DULL) / (CLEAR - DULL), 0, 1))
    at = np.array([warmth, depth, clarity])
    away = np.array([(((at - place) / NEAR) ** 2).sum() for place in PLACES.values()])
    share = np.exp(-0.5 * (away - away.min()))
    share = share / share.sum()
    first, second = np.argsort(-share)[:2]
    confidence = float(share[first]) * (0.5 + 0.5 * sure)
    confidence *= (UNKNOWN_HAIR if hair is None else 1) * (UNKNOWN_EYES if eyes is None else 1)
    seasons = tuple(PLACES)
    return SeasonFound(seasons[first], seasons[second], confidence, warmth, depth, clarity)


def _contrast(skin: Array, hair: Array | None, eyes: Array | None) -> float:
    """Steps of L* between skin and the darker of hair and eyes, and of the eyes' chroma."""
    steps = [abs(float(skin[0] - lab[0])) for lab in (hair, eyes) if lab is not None]
    vivid = 0.0 if eyes is None else VIVID * float(np.hypot(eyes[1], eyes[2]))
    return (float(np.mean(steps)) if steps else (DULL + CLEAR) / 2) + vivid
