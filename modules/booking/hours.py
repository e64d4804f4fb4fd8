"""When somebody works: hours of the week with breaks, other hours on single dates, in the clock of the place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from modules.booking.spans import Span, Spans, union, without
from modules.booking.zones import day_start, inside, periods

WallTime = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""A reading of the wall's clock; 24:00 ends a day."""


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEK = tuple(Weekday)


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """From one reading of the clock to another of the same date; what ends before it begins is empty."""

    start: WallTime
    end: WallTime


class Shift(Struct, frozen=True, forbid_unknown_fields=True):
    """A window of every such day of the week."""

    weekday: Weekday
    start: WallTime
    end: WallTime


class OtherHours(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds on one date instead of the week's hours and breaks; no window: not there."""

    date: date
    hours: Annotated[tuple[Window, ...], Meta(max_length=6)] = ()


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of the week, breaks in them, and dates on which other hours hold."""

    weekly: Annotated[tuple[Shift, ...], Meta(max_length=42)] = ()
    breaks: Annotated[tuple[Shift, ...], Meta(max_length=42)] = ()
    exceptions: Annotated[tuple[OtherHours, ...], Meta(max_length=400)] = ()


def working(
    schedule: Schedule, zone: str, first: date, last: date, closed: Collection[date] = ()
) -> list[Span]:
    """The UTC minutes of the local dates from first to last in which somebody works."""
    week = [_of_weekday(schedule, weekday) for weekday in _WEEK]
    other = {one.date: union(_minutes(window) for window in one.hours) for one in schedule.exceptions}
    clock = periods(zone, first, last)
    found: list[Span] = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if day not in closed:
            midnight = day_start(day)
            for start, end in other.get(day, week[day.weekday()]):
                found += inside((midnight + start, midnight + end), clock)
    return union(found)


def _of_weekday(schedule: Schedule, weekday: Weekday) -> Spans:
    there = union(_minutes(shift) for shift in schedule.weekly if shift.weekday is weekday)
    return without(there, union(_minutes(shift) for shift in schedule.breaks if shift.weekday is weekday))


def _minutes(window: Window | Shift) -> Span:
    return _minute(window.start), _minute(window.end)


def _minute(reading: str) -> int:
    """Minutes since midnight on the wall."""
    return int(reading[:2]) * 60 + int(reading[3:])
