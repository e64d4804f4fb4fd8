"""From a look to one number and why, what a late change costs, and how long a service takes of whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cli.designs import CATALOG
from looks.hair import HairReading
from looks.hair_formula import BLEACH_REST_DAYS, feasibility
from looks.layer import Hair
from looks.shape import NailShape
from modules.booking.errors import NotBookable
from modules.booking.hair import HairHistory, HairNow
from modules.booking.look import priced
from modules.booking.plan import Menu, plan_of_estimate
from modules.booking.policy import Deadline, Policy, share
from modules.booking.procedures import procedure_of
from modules.booking.quote import (
    Chosen,
    Estimate,
    HairLevelNeeded,
    Pricing,
    QuoteReason,
    Wishes,
    Worn,
    estimate,
)
from modules.booking.segments import Phase
from modules.booking.setup.wire import ServiceRules
from modules.booking.store.appointments import Quoted
from modules.booking.wire import VisitPurpose
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind

SHELF = load_shelf(CATALOG)
BASE = SHELF.services["srv_gel_manicure"]
RED = SHELF.design("des_polish_lacquer_red")


def first(kind: DesignKind, service: str) -> Design:
    """The first shipped design of a kind in a service."""
    return next(one for one in SHELF.designs.values() if one.kind is kind and one.service == service)


ACCENT = first(DesignKind.NAIL_ART, "srv_add_accent_nail")
BLOND = max(
    (one for one in SHELF.designs.values() if isinstance(one.layer, Hair) and one.layer.style == "full"),
    key=lambda one: one.layer.level if isinstance(one.layer, Hair) else 0,
)


def wear(design: Design, fingers: int = 5) -> Chosen:
    return Chosen(design, SHELF.services[design.service], fingers)


def of(*chosen: Chosen, wishes: Wishes | None = None, pricing: Pricing | None = None) -> Estimate:
    return estimate(chosen, BASE, wishes or Wishes(), pricing or Pricing())


def adds_up(found: Estimate) -> bool:
    return found.amount == sum(line.amount for line in found.lines) and found.minutes == sum(
        line.minutes for line in found.lines
    )


def test_every_shipped_design_alone_costs_what_the_catalogue_says() -> None:
    for design in SHELF.designs.values():
        found = of(wear(design, len(getattr(design.layer, "fingers", ()))), wishes=Wishes(hair=HairNow(9)))
        assert adds_up(found)
        if "srv_add_" in design.service:
            assert found.amount == BASE.price.amount + design.price.amount
        elif not isinstance(design.layer, Hair):
            assert (found.amount, found.minutes) == (design.price.amount, design.minutes)


def test_an_accent_is_priced_for_each_finger_that_wears_it() -> None:
    one, three = of(wear(RED), wear(ACCENT, 1)), of(wear(RED), wear(ACCENT, 3))

    assert one.amount == RED.price.amount + ACCENT.price.amount
    assert three.amount == RED.price.amount + 3 * ACCENT.price.amount
    assert three.minutes == RED.minutes + 3 * ACCENT.minutes
    assert three.lines[-1].times == 3


def test_an_accent_alone_joins_the_salons_usual_manicure() -> None:
    found = of(wear(ACCENT, 2))

    assert [line.subject for line in found.lines] == [BASE.id, ACCENT.id]
    assert [work.service_id for work in found.sessions[0].work] == [BASE.id]


def test_a_second_polish_on_some_fingers_is_art_of_so_many_fingers() -> None:
    other = next(one for one in SHELF.designs.values() if one.service == RED.service and one is not RED)

    found = of(wear(RED), wear(other, 2))

    assert found.lines[-1].reason is QuoteReason.ART
    assert found.lines[-1].amount == 2 * Pricing().art_finger.amount


def test_what_she_wants_beyond_the_picture_has_a_line_each() -> None:
    wishes = Wishes(shape=NailShape.ALMOND, length=1.6, coats=3, wearing=Worn.GEL)

    found = of(wear(RED), wishes=wishes)

    reasons = [line.reason for line in found.lines]
    assert reasons[-4:] == [QuoteReason.SHAPE, QuoteReason.LENGTH, QuoteReason.COATS, QuoteReason.REMOVAL]
    assert found.lines[-3].times == 3  # 0.6 in steps of a quarter
    assert adds_up(found)
    assert found.sessions[0].work[0].extra_min == found.minutes - SHELF.services[RED.service].minutes


def test_length_and_shape_that_the_design_has_cost_nothing_more() -> None:
    long = first(DesignKind.NAIL_ART, "srv_nail_extension")
    wishes = Wishes(shape=long.layer.shape, length=2.0)  # type: ignore[union-attr]

    assert of(wear(long), wishes=wishes).amount == long.price.amount


def test_nails_and_lips_are_two_services_of_one_visit() -> None:
    lips = next(one for one in SHELF.designs.values() if one.kind is DesignKind.LIPS)

    found = of(wear(RED), wear(lips, 0))

    assert [work.service_id for work in found.sessions[0].work] == [RED.service, lips.service]
    assert found.amount == RED.price.amount + lips.price.amount


# --- hair --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("history", HairHistory)
@pytest.mark.parametrize("level", [2, 5, 8])
def test_a_quote_takes_what_the_try_on_said_that_it_takes(level: int, history: HairHistory) -> None:
    """One question has one answer, at the mirror and at the desk."""
    assert isinstance(BLOND.layer, Hair)
    told = feasibility(HairReading(level=level), BLOND.layer, coloured=history is not HairHistory.NATURAL)

    found = of(wear(BLOND, 0), wishes=Wishes(hair=HairNow(level, history)))

    assert len(found.sessions) == len(told.sessions)
    assert [session.days_after for session in found.sessions[1:]] == [told.days_between] * (
        len(told.sessions) - 1
    )
    assert (QuoteReason.BLEACH in {line.reason for line in found.lines}) == told.bleach


def test_dark_hair_to_blond_is_bleach_several_sessions_and_a_patch_test() -> None:
    wishes = Wishes(hair=HairNow(2))

    found = of(wear(BLOND, 0), wishes=wishes)

    assert isinstance(BLOND.layer, Hair)
    assert len(found.sessions) >= 2
    assert [session.days_after for session in found.sessions][:2] == [0, BLEACH_REST_DAYS]
    assert found.patch_test_hours == 48
    assert {QuoteReason.BLEACH, QuoteReason.SESSION} <= {line.reason for line in found.lines}
    assert adds_up(found)


def test_sessions_become_appointments_whose_prices_add_up() -> None:
    wishes = Wishes(hair=HairNow(2))
    menu = Menu(SHELF.services, {}, Pricing())
    found = priced([wear(BLOND, 0)], SHELF.services, wishes, Pricing())

    plan = plan_of_estimate(menu, found, Quoted(found.lines, (), wishes))

    assert sum(one.amount for one in plan.appointments) == found.amount
    assert {one.purpose for one in plan.appointments} == {VisitPurpose.SESSION}
    assert all(menu.visit(one.works).minutes > 0 for one in plan.appointments)


def test_who_had_her_patch_test_needs_no_other() -> None:
    assert of(wear(BLOND, 0), wishes=Wishes(hair=HairNow(9), patch_tested=True)).patch_test_hours == 0


def test_nobody_prices_hair_that_she_knows_nothing_of() -> None:
    with pytest.raises(HairLevelNeeded):
        of(wear(BLOND, 0))


# --- procedures and policy ---------------------------------------------------------------------------------------


def test_more_minutes_go_to_the_first_hands_on_phase() -> None:
    phases = (Phase(20, hands=False), Phase(30), Phase(10))

    found = procedure_of(BASE, ServiceRules(phases=phases), extra_min=15)

    assert [phase.minutes for phase in found.phases] == [20, 45, 10]
    assert (found.before, found.after) == (BASE.buffer_before_min, BASE.buffer_after_min)


def test_an_add_on_is_not_booked_alone() -> None:
    with pytest.raises(NotBookable):
        procedure_of(SHELF.services["srv_add_gems"], None)


@pytest.mark.parametrize(
    ("hours", "percent"), [(48, 0), (24, 0), (23.9, 50), (4.1, 50), (3.9, 100), (-1, 100)]
)
def test_the_strictest_deadline_that_has_passed_counts(hours: float, percent: int) -> None:
    now = datetime(2026, 12, 7, 9, tzinfo=UTC)
    policy = Policy(deadlines=(Deadline(4, 100), Deadline(24, 50)))

    assert policy.late_percent(now + timedelta(hours=hours), now) == percent
    assert policy.free_until(now) == now - timedelta(hours=24)


def test_a_share_is_rounded_in_the_customers_favour() -> None:
    assert share(4299, 50) == 2149
