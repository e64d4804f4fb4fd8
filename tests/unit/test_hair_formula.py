"""What a hair colour takes: limits of tint and bleach, grey, damage, and the words for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from looks.colour import Swatch, delta_e00
from looks.hair import (
    HairPigment,
    HairReading,
    HairStyle,
    HairTone,
    exposed,
    is_fashion,
    level_of,
    nearest,
    neutral,
    swatch_of,
    tone_of,
)
from looks.hair_formula import (
    BLEACH_REST_DAYS,
    PATCH_TEST_H,
    GreyResult,
    HairDamage,
    HairWork,
    feasibility,
    targets,
)
from looks.layer import Hair

levels = st.integers(1, 10)
tones = st.sampled_from(HairTone)
DENIM = Swatch.of("#436b93")


def wish(level: int, tone: HairTone = HairTone.NEUTRAL) -> Hair:
    return Hair.of(level, tone)


@given(levels, tones)
def test_a_swatch_of_a_level_and_tone_reads_as_both(level: int, tone: HairTone) -> None:
    swatch = swatch_of(level, tone)
    assert nearest(level_of(swatch.lab[0])) == level
    if level >= 4:  # darker hair shows next to nothing of its tone
        assert tone_of(swatch.lab) is tone


@given(st.floats(0, 100), st.floats(0, 100))
def test_lighter_hair_never_has_a_lower_level(one: float, other: float) -> None:
    assert level_of(min(one, other)) <= level_of(max(one, other))


@given(levels)
def test_natural_hair_is_no_fashion_colour(level: int) -> None:
    assert not is_fashion(swatch_of(level))


@pytest.mark.parametrize("hex", ["#436b93", "#3f8f5a", "#6a3d9a", "#d94f9a"])
def test_blue_green_violet_and_pink_are_fashion_colours(hex: str) -> None:
    assert is_fashion(Swatch.of(hex))


@given(levels, levels, tones)
def test_going_darker_is_one_appointment_without_bleach(start: int, level: int, tone: HairTone) -> None:
    plan = feasibility(HairReading(max(start, level)), wish(min(start, level), tone))
    assert [session.work for session in plan.sessions] == [HairWork.DEPOSIT]
    assert not plan.bleach
    assert plan.days_between == 0


@given(levels, levels, tones, st.booleans())
def test_sessions_join_without_a_gap_and_end_at_the_target(
    start: int, level: int, tone: HairTone, coloured: bool
) -> None:
    plan = feasibility(HairReading(start), wish(level, tone), coloured=coloured)
    assert plan.sessions[0].from_level == start
    assert plan.sessions[-1].to_level == plan.target_level == level
    assert all(
        one.to_level == other.from_level for one, other in zip(plan.sessions, plan.sessions[1:], strict=False)
    )


@given(levels, levels, tones, st.booleans())
def test_no_session_lifts_more_than_its_means_allow(
    start: int, level: int, tone: HairTone, coloured: bool
) -> None:
    for session in feasibility(HairReading(start), wish(level, tone), coloured=coloured).sessions:
        lift = session.to_level - session.from_level
        most = {HairWork.DEPOSIT: 0, HairWork.TINT: 3, HairWork.HIGH_LIFT: 4, HairWork.BLEACH: 4}[
            session.work
        ]
        assert lift <= most
        assert session.developer_volume <= 40


@given(levels, st.integers(1, 9), tones)
def test_a_lighter_wish_never_takes_fewer_sessions(start: int, level: int, tone: HairTone) -> None:
    darker, lighter = (feasibility(HairReading(start), wish(one, tone)) for one in (level, level + 1))
    assert len(darker.sessions) <= len(lighter.sessions)


@given(levels, levels, tones)
def test_colour_in_the_hair_never_makes_it_easier(start: int, level: int, tone: HairTone) -> None:
    own = feasibility(HairReading(start), wish(level, tone))
    coloured = feasibility(HairReading(start), wish(level, tone), coloured=True)
    assert len(own.sessions) <= len(coloured.sessions)
    assert all(session.work not in (HairWork.TINT, HairWork.HIGH_LIFT) for session in coloured.sessions)


@pytest.mark.parametrize("start", [1, 2, 3, 4, 5])
def test_dark_hair_cannot_go_platinum_in_one_session(start: int) -> None:
    plan = feasibility(HairReading(start), wish(10, HairTone.COOL))

    assert plan.bleach
    assert len(plan.sessions) >= 2
    assert plan.days_between == BLEACH_REST_DAYS
    assert plan.damage is HairDamage.HIGH
    assert f"About {len(plan.sessions)} appointments" in plan.words
    assert "bleached" in plan.words


def test_bleach_is_toned_against_what_it_exposes() -> None:
    plan = feasibility(HairReading(4), wish(8, HairTone.ASH))

    assert plan.sessions[-1].exposes is HairPigment.YELLOW
    assert plan.sessions[-1].toner == "violet"
    assert exposed(5) is HairPigment.ORANGE


def test_a_small_lift_of_natural_hair_needs_no_bleach() -> None:
    plan = feasibility(HairReading(5), wish(7))

    assert [session.work for session in plan.sessions] == [HairWork.TINT]
    assert plan.sessions[0].developer_volume == 30
    assert plan.damage is HairDamage.LOW


def test_a_fashion_colour_needs_the_level_that_lets_it_show() -> None:
    plan = feasibility(HairReading(4), Hair(colours=(DENIM,), level=8))

    assert plan.bleach
    assert plan.target_level == 8


def test_a_warm_blonde_from_light_brown_is_reached_by_high_lift() -> None:
    (session,) = feasibility(HairReading(6), wish(9, HairTone.WARM)).sessions
    assert session.work in (HairWork.TINT, HairWork.HIGH_LIFT)


def test_pale_hair_is_filled_before_it_goes_dark() -> None:
    plan = feasibility(HairReading(9), wish(4))

    assert plan.fill_first
    assert "filled" in plan.words


@pytest.mark.parametrize(
    ("share", "level", "result", "base"),
    [
        (0.05, 5, GreyResult.NONE, 0.0),
        (0.2, 5, GreyResult.COVERS, 0.25),
        (0.5, 5, GreyResult.COVERS, 0.5),
        (0.9, 5, GreyResult.COVERS, 0.75),
        (0.5, 9, GreyResult.BLENDS, 0.0),
    ],
)
def test_grey_is_covered_by_shades_that_are_dark_enough(
    share: float, level: int, result: GreyResult, base: float
) -> None:
    plan = feasibility(HairReading(6, grey_share=share), wish(level))
    assert (plan.grey, plan.natural_base) == (result, base)


def test_highlights_on_grey_hair_blend_it() -> None:
    layer = Hair(style=HairStyle.HIGHLIGHTS, colours=(swatch_of(8),), level=8)
    assert feasibility(HairReading(6, grey_share=0.4), layer).grey is GreyResult.BLENDS


def test_of_several_colours_the_hardest_decides() -> None:
    layer = Hair(style=HairStyle.OMBRE, colours=(swatch_of(3), swatch_of(9)), level=9)

    assert [level for level, _ in targets(layer)] == [3, 9]
    assert feasibility(HairReading(4), layer).target_level == 9


def test_one_colour_in_a_placed_style_is_the_lightened_part() -> None:
    layer = Hair(style=HairStyle.BALAYAGE, colours=(swatch_of(8),), level=8)
    assert [level for level, _ in targets(layer)] == [8]


@given(st.floats(1, 10), levels, tones, st.floats(0, 1))
def test_every_plan_asks_for_a_patch_test_and_says_so(
    start: float, level: int, tone: HairTone, grey: float
) -> None:
    plan = feasibility(HairReading(start, grey_share=grey), wish(level, tone))
    assert plan.patch_test_h == PATCH_TEST_H == 48
    assert "Patch test 48 hours before." in plan.words
    assert plan.words == plan.words.strip()


def test_neighbouring_levels_can_be_told_apart() -> None:
    labs = np.array([neutral(level) for level in range(1, 11)])
    steps = delta_e00(labs[:-1], labs[1:])
    assert steps.min() > 2.0
