"""What it takes to get from somebody's hair to a colour: sessions, bleach, developer, damage. Arithmetic on levels.

The rules are the trade's common ones (Milady Standard Cosmetology, "Haircolouring": levels, stages of lightening,
developer volumes, grey coverage; Regulation (EC) 1223/2009, annex III: at most 12 % peroxide, which is 40 volumes, and
a sensitivity test 48 h before). They are cautious and no promise: the stylist decides at the chair.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from looks.colour import Swatch
from looks.hair import (
    LIGHTEST,
    HairPigment,
    HairReading,
    HairStyle,
    HairTone,
    Level,
    banded,
    exposed,
    is_fashion,
    level_of,
    nearest,
    tone_of,
)
from looks.layer import Hair

TINT_LIFT = 3  # levels that oxidation colour lifts natural hair at most; coloured hair it lifts not at all
TINT_LIFT_DARK, DARK = 2, 3  # of hair up to this level
HIGH_LIFT, HIGH_LIFT_FROM = 4, 6  # levels, and the level from which a high-lift tint reaches blonde
BLEACH_LIFT = {1: 3, 2: 3, 3: 3}
"""Levels that one session of bleach lifts at most, by the level it starts at; others BLEACH_LIFT_USUAL."""
BLEACH_LIFT_USUAL = 4
COLOURED_LESS = 1  # level less a session over colour that is in the hair already
DEEPENED = 3  # levels darker from which lightened hair must be filled with warm pigment first
PORED = 7  # level from which hair holds too little pigment to go dark at once
PATCH_TEST_H = 48
BLEACH_REST_DAYS = 28  # between two sessions of bleach
TINT_DEVELOPER = {1: 20, 2: 30, 3: 40}
"""Volumes of peroxide by levels to lift."""
DEPOSIT_DEVELOPER, GREY_DEVELOPER, BLEACH_DEVELOPER, HIGH_LIFT_DEVELOPER = 10, 20, 20, 40

GREY_BANDS = (0.10, 0.30, 0.60)
NATURAL_BASE = (0.0, 0.25, 0.5, 0.75)
"""Share of a natural shade in the mixture, by band of grey: without it a fashion tone is see-through on grey hair."""
COVERS_TO = 8  # level above which a shade is too light to hide grey


class HairWork(StrEnum):
    """What is done in a session."""

    DEPOSIT = "deposit"
    TINT = "tint"
    HIGH_LIFT = "high_lift"
    BLEACH = "bleach"


class HairDamage(StrEnum):
    """What it does to the fibre."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class GreyResult(StrEnum):
    """What becomes of grey hairs under a shade."""

    NONE = "none"
    BLENDS = "blends"
    COVERS = "covers"


class HairSession(Struct, frozen=True):
    """One appointment. exposes: pigment at the end of lightening; toner: the shade that counters it, then laid over."""

    work: HairWork
    from_level: Level
    to_level: Level
    developer_volume: int
    exposes: HairPigment | None = None
    toner: str | None = None


class HairFeasibility(Struct, frozen=True):
    """What a hair colour takes on this head. days_between: least rest between sessions; words: for the customer.

    fill_first: lightened hair needs warm pigment before it goes this dark. natural_base: share of a natural shade that
    the mixture needs to hide the grey.
    """

    start: HairReading
    target_level: Level
    sessions: tuple[HairSession, ...]
    bleach: bool
    damage: HairDamage
    words: str
    days_between: int = 0
    fill_first: bool = False
    grey: GreyResult = GreyResult.NONE
    natural_base: float = 0.0
    patch_test_h: int = PATCH_TEST_H


def feasibility(start: HairReading, layer: Hair, *, coloured: bool = False) -> HairFeasibility:
    """What this layer takes on hair that was read so; of its colours the one that takes most decides.

    coloured: whether there is colour in the hair already, which no photo tells.
    """
    ways = [_way(start, level, swatch, coloured) for level, swatch in targets(layer)]
    sessions = max(ways, key=_effort)
    target = sessions[-1].to_level
    bleach = any(session.work is HairWork.BLEACH for session in sessions)
    fill = nearest(start.level) >= PORED and any(
        nearest(start.level) - way[-1].to_level >= DEEPENED for way in ways
    )
    band = banded(start.grey_share, GREY_BANDS)
    hides = target <= COVERS_TO and layer.style in (HairStyle.FULL, HairStyle.GREY_COVER)
    grey = GreyResult.NONE if band == 0 else GreyResult.COVERS if hides else GreyResult.BLENDS
    rest = BLEACH_REST_DAYS if len(sessions) > 1 else 0
    damage = _damage(sessions)
    return HairFeasibility(
        start=start,
        target_level=target,
        sessions=sessions,
        bleach=bleach,
        damage=damage,
        words=_words(sessions, rest, damage, grey, fill),
        days_between=rest,
        fill_first=fill,
        grey=grey,
        natural_base=NATURAL_BASE[band] if grey is GreyResult.COVERS else 0.0,
    )


def targets(layer: Hair) -> Iterator[tuple[int, Swatch]]:
    """Level and colour of each part. The layer's level is that of its lightened part; a base has its own lightness."""
    alone = layer.style.one_colour or len(layer.colours) == 1
    for number, swatch in enumerate(layer.colours):
        base = number == 0 and not alone
        yield (nearest(level_of(swatch.lab[0])) if base else layer.level), swatch


def _way(start: HairReading, level: int, swatch: Swatch, coloured: bool) -> tuple[HairSession, ...]:
    here, fashion = nearest(start.level), is_fashion(swatch)
    lift = level - here
    if lift <= 0:
        developer = GREY_DEVELOPER if start.grey_share >= GREY_BANDS[0] else DEPOSIT_DEVELOPER
        return (HairSession(HairWork.DEPOSIT, here, level, developer),)
    if not coloured and not fashion:
        if lift <= (TINT_LIFT_DARK if here <= DARK else TINT_LIFT):
            return (HairSession(HairWork.TINT, here, level, TINT_DEVELOPER[lift]),)
        warm = tone_of(swatch.lab) in (HairTone.WARM, HairTone.NEUTRAL)
        if here >= HIGH_LIFT_FROM and lift <= HIGH_LIFT and level < LIGHTEST and warm:
            return (HairSession(HairWork.HIGH_LIFT, here, level, HIGH_LIFT_DEVELOPER),)
    return tuple(_bleached(here, level, COLOURED_LESS if coloured else 0))


def _bleached(here: int, level: int, less: int) -> Iterator[HairSession]:
    """HairSession after session up to the level; the last one is toned."""
    while here < level:
        reached = min(level, here + BLEACH_LIFT.get(here, BLEACH_LIFT_USUAL) - less)
        toner = counter(exposed(reached)) if reached == level else None
        yield HairSession(HairWork.BLEACH, here, reached, BLEACH_DEVELOPER, exposed(reached), toner)
        here = reached


def counter(pigment: HairPigment) -> str:
    """The shade across the colour wheel that neutralises an exposed pigment."""
    match pigment:
        case HairPigment.DARK_RED | HairPigment.RED:
            return "green"
        case HairPigment.RED_ORANGE | HairPigment.ORANGE | HairPigment.GOLD_ORANGE:
            return "blue"
        case HairPigment.GOLD:
            return "blue-violet"
        case _:
            return "violet"


def _effort(way: tuple[HairSession, ...]) -> tuple[int, int, int]:
    return len(way), list(HairWork).index(way[-1].work), way[-1].to_level - way[0].from_level


def _damage(sessions: tuple[HairSession, ...]) -> HairDamage:
    bleached = sum(session.work is HairWork.BLEACH for session in sessions)
    if bleached:
        return HairDamage.HIGH if bleached > 1 else HairDamage.MODERATE
    volume = sessions[0].developer_volume
    return HairDamage.MODERATE if volume >= 40 else HairDamage.LOW if volume >= 20 else HairDamage.NONE


def _words(
    sessions: tuple[HairSession, ...], rest: int, damage: HairDamage, grey: GreyResult, fill: bool
) -> str:
    count, work = len(sessions), sessions[-1].work
    said = [
        {
            HairWork.DEPOSIT: "One appointment: the colour is laid over your own.",
            HairWork.TINT: "One appointment, without bleach.",
            HairWork.HIGH_LIFT: "One appointment with a high-lift tint, without bleach.",
            HairWork.BLEACH: "One appointment: your hair is bleached, then toned.",
        }[work]
        if count == 1
        else f"About {count} appointments, {rest // 7} weeks or more apart: your hair is bleached in steps, then toned."
    ]
    if fill:
        said.append("Lightened hair is filled with warm colour first, so that the dark shade holds.")
    if grey is GreyResult.COVERS:
        said.append("It covers grey hair.")
    elif grey is GreyResult.BLENDS:
        said.append("Grey hair blends in but does not vanish.")
    if damage is HairDamage.HIGH:
        said.append("Bleaching this far weakens hair; a bond treatment and care at home go with it.")
    said.append(f"Patch test {PATCH_TEST_H} hours before.")
    return " ".join(said)
