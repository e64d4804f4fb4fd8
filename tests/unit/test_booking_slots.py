"""When a visit can begin: hours in the clock of the place, hands and things, on the days on which clocks change too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modules.booking.hours import OtherHours, Schedule, Shift, Weekday, Window, working
from modules.booking.segments import Phase, Procedure, Visit, visit_of
from modules.booking.slots import Assignment, Thing, Worker, assign, free_of, slots
from modules.booking.spans import Span, common, minute, moment, union, without
from modules.booking.zones import DAY, day_start, on_the_grid, periods, same_wall_time

CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-09-06", "2026-04-04"),  # at midnight
    "Australia/Lord_Howe": ("2026-10-04", "2026-04-05"),  # by half an hour
    "Africa/Cairo": ("2026-04-24", "2026-10-29"),  # at midnight
    "Asia/Beirut": ("2026-03-29", "2026-10-24"),  # at midnight
    "Pacific/Auckland": ("2026-09-27", "2026-04-05"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),  # half an hour off the hour
}
"""Zones with the dates of 2026 on which their clocks are set forward, and back."""
DAYS = [(zone, date.fromisoformat(day)) for zone, days in CHANGES.items() for day in days]

WALL = st.integers(0, DAY // 15).map(lambda n: f"{n // 4:02d}:{n % 4 * 15:02d}")
WINDOWS = st.tuples(WALL, WALL).filter(lambda pair: pair[0] < pair[1])
SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=8).map(
    lambda pairs: [(start, start + length) for start, length in pairs]
)


def minutes_of(spans: object) -> set[int]:
    return {m for start, end in spans for m in range(start, end)}  # type: ignore[attr-defined]


def on_the_wall(zone: str, at: int) -> tuple[date, str]:
    """The date and the reading of the clock at a UTC minute."""
    local = moment(at).astimezone(ZoneInfo(zone))
    return local.date(), f"{local:%H:%M}"


# --- spans -------------------------------------------------------------------------------------------------------


@given(SPANS, SPANS)
def test_spans_are_sets_of_minutes(one: list[Span], other: list[Span]) -> None:
    left, right = union(one), union(other)

    assert minutes_of(left) == minutes_of(one)
    assert all(a[1] < b[0] for a, b in pairwise(left))
    assert minutes_of(without(left, right)) == minutes_of(one) - minutes_of(other)
    assert minutes_of(common(left, right)) == minutes_of(one) & minutes_of(other)


# --- hours -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "day"), DAYS)
@settings(max_examples=25, deadline=None)
@given(shift=WINDOWS, pause=WINDOWS)
def test_somebody_works_exactly_when_the_clock_on_the_wall_says_so(
    zone: str, day: date, shift: tuple[str, str], pause: tuple[str, str]
) -> None:
    schedule = Schedule(
        weekly=tuple(Shift(weekday, *shift) for weekday in Weekday),
        breaks=tuple(Shift(weekday, *pause) for weekday in Weekday),
    )

    there = minutes_of(working(schedule, zone, day, day))

    for at in range(day_start(day) - DAY, day_start(day) + 2 * DAY, 5):
        its_date, reading = on_the_wall(zone, at)
        wanted = its_date == day and shift[0] <= reading < shift[1] and not pause[0] <= reading < pause[1]
        assert (at in there) is wanted, (its_date, reading)


@pytest.mark.parametrize(("zone", "days"), CHANGES.items())
def test_a_whole_day_is_shorter_in_spring_and_longer_in_autumn(zone: str, days: tuple[str, str]) -> None:
    whole = Schedule(weekly=tuple(Shift(weekday, "00:00", "24:00") for weekday in Weekday))

    spring, autumn = (working(whole, zone, day, day) for day in map(date.fromisoformat, days))

    change = 30 if zone == "Australia/Lord_Howe" else 60
    assert len(minutes_of(spring)) == DAY - change
    assert len(minutes_of(autumn)) == DAY + change


def test_a_date_of_its_own_hours_and_a_closed_one_take_the_place_of_the_week() -> None:
    monday, tuesday, wednesday = (date(2026, 11, 2) + timedelta(days=n) for n in range(3))
    schedule = Schedule(
        weekly=tuple(Shift(weekday, "09:00", "17:00") for weekday in Weekday),
        breaks=(Shift(Weekday.MONDAY, "12:00", "13:00"),),
        exceptions=(OtherHours(monday, (Window("10:00", "12:30"),)), OtherHours(tuesday)),
    )

    found = working(schedule, "UTC", monday, wednesday, closed={wednesday})

    assert found == [(day_start(monday) + 600, day_start(monday) + 750)]


@pytest.mark.parametrize(("zone", "day"), DAYS)
@pytest.mark.parametrize("step", [10, 15, 20, 30, 60])
def test_slots_stand_on_round_readings_of_the_clock(zone: str, day: date, step: int) -> None:
    clock = periods(zone, day, day)

    found = on_the_grid([(day_start(day), day_start(day) + DAY)], step, clock)

    readings = [on_the_wall(zone, at)[1] for at in found]
    assert all((int(reading[:2]) * 60 + int(reading[3:])) % step == 0 for reading in readings)
    assert len(found) in range(DAY // step - 4, DAY // step + 5)


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_what_recurs_keeps_its_reading_of_the_clock(zone: str, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 14, 30, tzinfo=ZoneInfo(zone)) - timedelta(days=21)

    again = same_wall_time(zone, at.astimezone(UTC), 42)

    assert f"{again.astimezone(ZoneInfo(zone)):%H:%M}" == "14:30"


# --- visits ------------------------------------------------------------------------------------------------------


COLOUR = Procedure(
    "colour",
    (
        Phase(30, resources=("chair",)),
        Phase(40, hands=False),
        Phase(20, resources=("wash_basin",)),
    ),
    before=5,
    after=10,
)
CUT = Procedure("cut", (Phase(30, resources=("chair",)),), frozenset({"cut"}))


def test_processing_time_takes_neither_hands_nor_chair() -> None:
    visit = visit_of([COLOUR])

    assert visit.minutes == 90
    assert visit.legs[0].busy == ((-5, 30), (70, 100))
    assert visit.needs == {"chair": ((-5, 30),), "wash_basin": ((70, 100),)}
    assert visit.reach == (-5, 100)


def test_services_follow_each_other_with_their_buffers_between() -> None:
    visit = visit_of([COLOUR, CUT])

    assert visit.legs[1].span == (100, 130)
    assert visit.minutes == 130
    assert visit.needs["chair"] == ((-5, 30), (100, 130))


def test_another_customer_is_served_while_the_first_ones_colour_sets() -> None:
    """One stylist, one chair: a cut of thirty minutes fits into the forty in which a colour sets."""
    anna = Worker("anna", frozenset({"cut"}), [(0, 200)])
    things = [Thing("chair", "chair", [(0, 200)]), Thing("basin", "wash_basin", [(0, 200)])]
    first = assign(visit_of([COLOUR]), 5, [anna], things)
    assert first is not None

    second = assign(visit_of([CUT]), 40, *left_of([anna], things, first))

    assert second is not None
    assert assign(visit_of([CUT]), 30, *left_of([anna], things, first)) is None


def test_a_visit_that_nobody_can_do_alone_is_shared() -> None:
    anna = Worker("anna", frozenset({"colour"}), [(-60, 600)])
    bea = Worker("bea", frozenset({"cut"}), [(-60, 600)])
    visit = visit_of(
        [Procedure("colour", (Phase(60),), frozenset({"colour"})), Procedure("cut", (Phase(30),), CUT.skills)]
    )

    (found,) = slots(visit, [anna, bea], [], (0, 1), 15, periods("UTC", date(1970, 1, 1), date(1970, 1, 1)))
    done = assign(visit, found.start, [anna, bea], [])

    assert found.alone == ()
    assert done is not None
    assert done.legs == ("anna", "bea")
    assert done.taken == {"anna": ((0, 60),), "bea": ((60, 90),)}


def test_of_several_the_one_with_the_least_time_idle_is_taken() -> None:
    early, late = Worker("early", frozenset(), [(0, 400)]), Worker("late", frozenset(), [(0, 90)])

    done = assign(visit_of([Procedure("x", (Phase(60),))]), 15, [early, late], [])

    assert done is not None
    assert done.legs == ("late",)


# --- a salon for a while -----------------------------------------------------------------------------------------


PHASES = st.builds(
    Phase,
    st.integers(1, 12).map(lambda n: n * 5),
    st.booleans(),
    st.lists(st.sampled_from(["chair", "basin"]), unique=True, max_size=2).map(tuple),
)
PROCEDURES = st.builds(
    Procedure,
    st.just("service"),
    st.lists(PHASES, min_size=1, max_size=3).map(lambda phases: (Phase(10), *phases)),
    st.frozensets(st.sampled_from(["cut", "colour"]), max_size=1),
    st.sampled_from([0, 5, 10]),
    st.sampled_from([0, 5, 10]),
)
VISITS = st.lists(PROCEDURES, min_size=1, max_size=3).map(visit_of)
TEAM = [
    ("anna", frozenset({"cut", "colour"})),
    ("bea", frozenset({"cut"})),
    ("carla", frozenset({"colour"})),
]
ROOM = [("chair 1", "chair"), ("chair 2", "chair"), ("basin", "basin")]


@pytest.mark.parametrize(("zone", "day"), DAYS)
@settings(max_examples=12, deadline=None)
@given(asked=st.lists(st.tuples(VISITS, st.integers(0, 10_000)), min_size=1, max_size=8), shift=WINDOWS)
def test_nobody_and_nothing_is_taken_twice_or_outside_of_hours(
    zone: str, day: date, asked: list[tuple[Visit, int]], shift: tuple[str, str]
) -> None:
    """Visits are booked one after the other, each at one of the slots that it is offered."""
    assume(shift[0] < "20:00")
    clock = periods(zone, day, day)
    hours = working(Schedule(weekly=tuple(Shift(one, *shift) for one in Weekday)), zone, day, day)
    workers = [Worker(name, skills, hours) for name, skills in TEAM]
    things = [Thing(name, kind, [(day_start(day) - DAY, day_start(day) + 3 * DAY)]) for name, kind in ROOM]
    taken: dict[str, list[Span]] = {}

    for visit, pick in asked:
        offered = slots(visit, workers, things, (day_start(day) - DAY, day_start(day) + 2 * DAY), 15, clock)
        for refused in beside(offered):
            assert assign(visit, refused, workers, things) is None
        if not offered:
            continue
        slot = offered[pick % len(offered)]
        done = assign(visit, slot.start, workers, things)
        assert done is not None, "what is offered can be booked"
        assert not slot.alone or set(done.legs) <= set(slot.alone)
        for name, spans in done.taken.items():
            taken.setdefault(name, []).extend(spans)
        workers, things = left_of(workers, things, done)

    for name, spans in taken.items():
        assert sum(end - start for start, end in spans) == len(minutes_of(spans)), f"{name} is taken twice"
        if name in dict(TEAM):
            for at in minutes_of(spans):
                its_date, reading = on_the_wall(zone, at)
                assert its_date == day
                assert shift[0] <= reading < shift[1]


def beside(offered: list[object]) -> Iterator[int]:
    """Minutes of the grid between the first and the last slot that are not offered."""
    starts = [slot.start for slot in offered]  # type: ignore[attr-defined]
    for at in range(starts[0], starts[-1], 15) if starts else ():
        if at not in starts:
            yield at


def left_of(workers: list[Worker], things: list[Thing], done: Assignment) -> tuple[list[Worker], list[Thing]]:
    """Who and what is free beside a visit."""
    return (
        [Worker(one.id, one.skills, free_of(one.free, done.taken.get(one.id, ()))) for one in workers],
        [Thing(one.id, one.kind, free_of(one.free, done.taken.get(one.id, ()))) for one in things],
    )


def test_a_minute_is_the_one_that_a_moment_lies_in() -> None:
    assert moment(minute(datetime(2026, 11, 29, 12, 30, 59, tzinfo=UTC))) == datetime(
        2026, 11, 29, 12, 30, tzinfo=UTC
    )
