"""Recurrence rules of foreign calendars (RFC 5545, 3.3.10), expanded in bounded work.

A rule may be written so that it never comes true (30 February), and a general library looks for it until the year
9999. Here each day that is looked at counts against a budget which the whole calendar shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from modules.booking.ics_errors import CalendarRefused, CalendarTooLarge

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}
_PERIODS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = timedelta(days=1)


class Budget:
    """Days that may still be looked at. Raises CalendarTooLarge when they are used up."""

    def __init__(self, days: int) -> None:
        self._left = days

    def spend(self, days: int) -> None:
        self._left -= days
        if self._left < 0:
            raise CalendarTooLarge


class Rule(Struct, frozen=True):
    """A rule about days. by_day: weekdays from Monday, 0, each with its number in the month or year, 0 for every one.

    until: the last moment that counts, by the wall clock of the event; week_start: 0 is Monday.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0


def rule_of(parts: Mapping[str, Sequence[Any]], start: datetime, until: datetime | None) -> Rule:
    """A rule with its gaps filled from its first day. parts: lists by name. Raises CalendarRefused.

    Rules that repeat within a day, and parts that calendars of people do not have, are refused.
    """
    (freq,) = parts.get("FREQ") or ("",)
    if freq not in _PERIODS or not set(parts) <= _KNOWN:
        raise CalendarRefused(f"A recurrence like {freq or 'this'} is not understood.")
    by_month = _numbers(parts, "BYMONTH", range(1, 13))
    by_month_day = _numbers(parts, "BYMONTHDAY", (*range(1, 32), *range(-31, 0)))
    by_day = tuple(_weekday(str(value)) for value in parts.get("BYDAY", ()))
    if not (by_month_day or by_day):
        if freq == "YEARLY":
            by_month = by_month or (start.month,)
        if freq in ("MONTHLY", "YEARLY"):
            by_month_day = (start.day,)
        if freq == "WEEKLY":
            by_day = ((start.weekday(), 0),)
    (interval,) = _numbers(parts, "INTERVAL", range(1, 10_000)) or (1,)
    (count,) = _numbers(parts, "COUNT", range(1, 1_000_000)) or (None,)
    return Rule(
        freq,
        interval,
        count,
        until,
        by_month,
        by_month_day,
        by_day,
        _numbers(parts, "BYSETPOS", (*range(1, 367), *range(-366, 0))),
        _weekday(str(next(iter(parts.get("WKST", ("MO",))))))[0],
    )


def starts(
    rule: Rule, start: datetime, after: datetime, before: datetime, budget: Budget
) -> Iterator[datetime]:
    """Beginnings by the wall clock, all naive, from `start` on, within (after, before). Raises CalendarTooLarge."""
    counted = 0
    if start >= before:
        return
    for first in _periods(rule, start.date(), None if rule.count else after.date(), before.date()):
        days = _days(rule, first)
        budget.spend(len(days) or 1)
        for day in _chosen(rule, [day for day in days if _fits(rule, day)]):
            at = datetime.combine(day, start.time())
            if at < start:
                continue
            counted += 1
            if at >= before or (rule.until and at > rule.until) or (rule.count and counted > rule.count):
                return
            if at > after:
                yield at


def _periods(rule: Rule, start: date, skip_to: date | None, last: date) -> Iterator[date]:
    """First days of the periods that the rule looks at. skip_to: what lies a whole period before it is left out."""
    step = rule.interval
    match rule.freq:
        case "DAILY" | "WEEKLY":
            length = step * (7 if rule.freq == "WEEKLY" else 1)
            first = start - timedelta(
                days=(start.weekday() - rule.week_start) % 7 if rule.freq == "WEEKLY" else 0
            )
            number = max(0, (skip_to - first).days // length - 1) if skip_to else 0
            while (day := first + timedelta(days=length * number)) <= last:
                yield day
                number += 1
        case "MONTHLY":
            month = start.year * 12 + start.month - 1
            ahead = (skip_to.year * 12 + skip_to.month - 1 - month) // step - 1 if skip_to else 0
            month += step * max(0, ahead)
            while (day := date(month // 12, month % 12 + 1, 1)) <= last:
                yield day
                month += step
        case _:
            ahead = (skip_to.year - start.year) // step - 1 if skip_to else 0
            year = start.year + step * max(0, ahead)
            while year <= last.year:
                yield date(year, 1, 1)
                year += step


def _days(rule: Rule, first: date) -> list[date]:
    """Every day of a period; of a year only in the months that count."""
    match rule.freq:
        case "DAILY":
            return [first]
        case "WEEKLY":
            return [first + timedelta(days=number) for number in range(7)]
        case "MONTHLY":
            return _month(first)
    months = rule.by_month or range(1, 13)
    return [day for month in sorted(set(months)) for day in _month(date(first.year, month, 1))]


def _month(first: date) -> list[date]:
    return [
        first + timedelta(days=number) for number in range(_next_month(first).toordinal() - first.toordinal())
    ]


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _fits(rule: Rule, day: date) -> bool:
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day:
        from_the_end = (day - _next_month(day)).days
        if day.day not in rule.by_month_day and from_the_end not in rule.by_month_day:
            return False
    return not rule.by_day or any(_is_weekday(rule, day, *wanted) for wanted in rule.by_day)


def _is_weekday(rule: Rule, day: date, weekday: int, number: int) -> bool:
    """Whether a day is this weekday, and the number-th of its month, or of its year in a rule without months."""
    if day.weekday() != weekday:
        return False
    if number == 0 or rule.freq in ("DAILY", "WEEKLY"):
        return True
    of_year = rule.freq == "YEARLY" and not rule.by_month
    first = date(day.year, 1, 1) if of_year else day.replace(day=1)
    last = date(day.year, 12, 31) if of_year else _next_month(day) - _DAY
    return number == ((day - first).days // 7 + 1 if number > 0 else -((last - day).days // 7) - 1)


def _chosen(rule: Rule, days: list[date]) -> list[date]:
    if not rule.by_set_pos:
        return days
    numbers = {position - 1 if position > 0 else len(days) + position for position in rule.by_set_pos}
    return [day for number, day in enumerate(days) if number in numbers]


def _numbers(parts: Mapping[str, Sequence[Any]], name: str, allowed: Sequence[int]) -> tuple[int, ...]:
    found = tuple(int(value) for value in parts.get(name, ()))
    if any(value not in allowed for value in found):
        raise CalendarRefused(f"A recurrence with {name}={found[0]} is not understood.")
    return found


def _weekday(word: str) -> tuple[int, int]:
    """`-1FR` as (4, -1)."""
    number, name = word[:-2], word[-2:].upper()
    if name not in _WEEKDAYS or not (number == "" or number.lstrip("+-").isdigit()):
        raise CalendarRefused(f"A recurrence on {word[:10]} is not understood.")
    return _WEEKDAYS.index(name), int(number or 0)
