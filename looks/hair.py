"""The words of hair colour: levels, tones, the pigment that lightening exposes, and where on the head a colour lies.

Levels are the trade's scale, 1 (black) to 10 (lightest blonde), one grade a step (International Colour Chart; Milady
Standard Cosmetology, "Haircolouring"). The colours that stand for a level were chosen by eye and measured from no
product.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from looks.colour import Swatch, lab_to_linear, linear_to_srgb

DARKEST, LIGHTEST = 1, 10
Level = Annotated[int, Meta(ge=DARKEST, le=LIGHTEST)]
Lab = tuple[float, float, float]


class HairTone(StrEnum):
    """Where a colour leans beside the neutral one of its level; ash leans to green and blue, cool to neither."""

    WARM = "warm"
    NEUTRAL = "neutral"
    COOL = "cool"
    RED = "red"
    ASH = "ash"


class HairStyle(StrEnum):
    """Where the colour lies. The first colour is the base, for root_shadow the roots; the others are the lengths'."""

    FULL = "full"
    OMBRE = "ombre"
    BALAYAGE = "balayage"
    HIGHLIGHTS = "highlights"
    MONEY_PIECE = "money_piece"
    ROOT_SHADOW = "root_shadow"
    GREY_COVER = "grey_cover"

    @property
    def one_colour(self) -> bool:
        """Whether one colour is all it takes."""
        return self in (HairStyle.FULL, HairStyle.GREY_COVER)


class HairPigment(StrEnum):
    """What is left in the fibre when hair is lightened to a level, before it is toned."""

    DARK_RED = "dark red"
    RED = "red"
    RED_ORANGE = "red-orange"
    ORANGE = "orange"
    GOLD_ORANGE = "gold-orange"
    GOLD = "gold"
    YELLOW = "yellow"
    PALE_YELLOW = "pale yellow"
    PALEST_YELLOW = "palest yellow"


class HairReading(Struct, frozen=True):
    """What a photo shows of somebody's hair; level between the grades, grey_share and confidence 0 to 1."""

    level: Annotated[float, Meta(ge=DARKEST, le=LIGHTEST)]
    tone: HairTone = HairTone.NEUTRAL
    grey_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    confidence: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0


NATURAL: tuple[Lab, ...] = (
    (9.5, 0.5, 0.5),
    (13.0, 1.5, 2.5),
    (18.5, 4.0, 6.0),
    (25.0, 7.0, 10.5),
    (32.5, 8.5, 14.5),
    (41.0, 9.5, 19.5),
    (50.5, 9.0, 24.0),
    (60.5, 7.0, 26.0),
    (70.5, 4.0, 24.0),
    (80.0, 1.5, 15.0),
)
"""CIE Lab of neutral hair, level by level."""

LEANS: dict[HairTone, tuple[float, float]] = {
    HairTone.NEUTRAL: (0.0, 0.0),
    HairTone.WARM: (2.0, 8.0),
    HairTone.COOL: (0.0, -7.0),
    HairTone.ASH: (-5.0, -10.0),
    HairTone.RED: (14.0, 5.0),
}
"""a and b beside the neutral colour, where hair is light enough to show them."""

PIGMENTS: tuple[tuple[HairPigment, str], ...] = (
    (HairPigment.DARK_RED, "#2b1210"),
    (HairPigment.DARK_RED, "#3d1712"),
    (HairPigment.RED, "#571f15"),
    (HairPigment.RED_ORANGE, "#762e17"),
    (HairPigment.ORANGE, "#974518"),
    (HairPigment.GOLD_ORANGE, "#b5651f"),
    (HairPigment.GOLD, "#cb8a30"),
    (HairPigment.YELLOW, "#dfb04c"),
    (HairPigment.PALE_YELLOW, "#eccd78"),
    (HairPigment.PALEST_YELLOW, "#f3e3ac"),
)
"""By level: its name and a colour to show it in."""

SHOWS_AT = 40.0  # lightness from which hair shows all of its tone
PALE = 9.0  # chroma under which no colour is a fashion colour
HAIR_HUES = (10.0, 110.0)  # degrees in the a-b plane: red to straw; nobody grows another


def level_of(lightness: float) -> float:
    """The level of hair of this lightness (L of CIE Lab), between the grades, from 1 to 10."""
    return float(np.interp(lightness, [lab[0] for lab in NATURAL], range(DARKEST, LIGHTEST + 1)))


def nearest(level: float) -> int:
    """The grade that a level between the grades is nearest to; halves count as the darker, which promises less."""
    return min(LIGHTEST, max(DARKEST, int(np.ceil(level - 0.5))))


def neutral(level: float) -> Lab:
    """Lab of neutral hair of a level, also between the grades."""
    grades = range(DARKEST, LIGHTEST + 1)
    lightness, a, b = (float(np.interp(level, grades, [lab[i] for lab in NATURAL])) for i in range(3))
    return lightness, a, b


def tone_of(lab: Lab) -> HairTone:
    """The tone that a colour leans to most, beside the neutral hair of its lightness."""
    _, a, b = neutral(level_of(lab[0]))
    shown = _shown(lab[0])
    return min(
        LEANS,
        key=lambda tone: np.hypot(lab[1] - a - shown * LEANS[tone][0], lab[2] - b - shown * LEANS[tone][1]),
    )


def swatch_of(level: int, tone: HairTone = HairTone.NEUTRAL) -> Swatch:
    """The colour that stands for a level and a tone."""
    lightness, a, b = neutral(level)
    lean, shown = LEANS[tone], _shown(lightness)
    lab = np.array([lightness, a + shown * lean[0], b + shown * lean[1]])
    red, green, blue = np.round(linear_to_srgb(lab_to_linear(lab)) * 255).astype(int)
    return Swatch.of(f"#{red:02x}{green:02x}{blue:02x}")


def is_fashion(swatch: Swatch) -> bool:
    """Whether no hair grows in this hue: blue, green, violet, pink."""
    _, a, b = swatch.lab
    hue = float(np.degrees(np.arctan2(b, a)))
    return float(np.hypot(a, b)) > PALE and not HAIR_HUES[0] <= hue <= HAIR_HUES[1]


def exposed(level: int) -> HairPigment:
    """What lightening to this level leaves in the fibre."""
    return PIGMENTS[level - 1][0]


def banded(share: float, bounds: tuple[float, ...]) -> int:
    """Which band a share lies in: how many of the rising bounds it has reached."""
    return bisect_right(bounds, share)


def _shown(lightness: float) -> float:
    """Dark hair shows little of its tone."""
    return float(np.clip(lightness / SHOWS_AT, 0.2, 1.0))
