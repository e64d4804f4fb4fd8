"""Times to choose from, as a page shows them: some days with their times, and the way to later ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct

from kit import clock
from modules.booking.zones import local_date
from modules.messaging import language as spelt

DAYS = 7
"""With times, on one page."""
REACH = timedelta(days=42)
"""How far they are looked for."""


class Day(Struct, frozen=True):
    """times: the moment as the form sends it, and as the clock on the wall there shows it."""

    name: str
    times: tuple[tuple[str, str], ...]


class Picker(Struct, frozen=True):
    """later: the date from which the next page goes on; begun: whether there may be earlier ones."""

    days: tuple[Day, ...]
    later: str | None
    begun: bool


def reach(since: date | None, zone: str) -> tuple[datetime, datetime]:
    """The stretch of time to look for times in. since: a date on the clock there, today without one."""
    now = clock.now()
    first = now if since is None else max(now, datetime.combine(since, time(), ZoneInfo(zone)))
    return first, first + REACH


def picker(times: Iterable[datetime], zone: str, language: str, since: date | None) -> Picker:
    """times: in their order."""
    days = [(day, tuple(of)) for day, of in groupby(times, lambda at: local_date(zone, at))]
    return Picker(
        days=tuple(Day(_day(of[0], zone, language), choices(of, zone, language)) for _, of in days[:DAYS]),
        later=days[DAYS][0].isoformat() if len(days) > DAYS else None,
        begun=since is not None and since > local_date(zone, clock.now()),
    )


def choices(times: Iterable[datetime], zone: str, language: str) -> tuple[tuple[str, str], ...]:
    """Each moment with what the clock shows."""
    return tuple((at.isoformat(), spelt.clock_time(at, zone, spelt.chosen(language).locale)) for at in times)


def moment_of(text: str) -> datetime | None:
    """What a form sends; None where it is no moment."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def date_of(text: str) -> date | None:
    """What a link to later times names; None where it is no date, and far from any calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - clock.now().year) <= 2 else None


def _day(at: datetime, zone: str, language: str) -> str:
    named = spelt.day(at, zone, spelt.chosen(language).locale)
    return named[:1].upper() + named[1:]
