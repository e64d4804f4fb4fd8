"""When somebody is busy by a calendar of hers elsewhere (RFC 5545), read in bounded time and memory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from msgspec import Struct

from modules.booking.ics_errors import CalendarRefused, CalendarTooLarge
from modules.booking.recurrence import Budget, rule_of, starts

MOST_BYTES = 1024 * 1024
MOST_PARTS, MOST_DATES = 5_000, 40_000
"""Components of a calendar, and numbers in it that could be dates."""
MOST_DAYS = 200_000
"""Days that all recurrences of a calendar together may look at: five hundred daily ones for a year and some more."""
MOST_LENGTH = timedelta(days=366)
"""A longer event is cut: whoever is away for years is away for all of the window."""
LONGEST_WINDOW = timedelta(days=400)

_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
_DATE = re.compile(rb"\d{8}")
_FOLD = re.compile(rb"\r?\n[ \t]")
_RRULE = re.compile(rb"(?:RRULE|EXRULE)(?:;[^:]*)?:(.*)", re.IGNORECASE)
_OF_ZONES = re.compile(
    rb"(?:FREQ=YEARLY|INTERVAL=1|WKST=\w\w|UNTIL=[\dTZ]+|BYMONTH=\d{1,2}|BYDAY=[-+]?\d?(?:MO|TU|WE|TH|FR|SA|SU)"
    rb"|BYMONTHDAY=(?:[1-9]|1\d|2[0-8])(?:,(?:[1-9]|1\d|2[0-8]))*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rb"BYDAY=[-+]?\d", re.IGNORECASE)

Window = tuple[datetime, datetime]


class Busy(Struct, frozen=True, order=True):
    """A time that is taken, in UTC, the end not included."""

    starts_at: datetime
    ends_at: datetime


class _Meeting(Struct, frozen=True):
    """One event with its beginning by the wall clock of `zone`, naive."""

    start: datetime
    length: timedelta
    zone: tzinfo

    def at(self, start: datetime, length: timedelta | None = None) -> Busy:
        begins = start.replace(tzinfo=self.zone).astimezone(UTC)
        return Busy(begins, begins + (self.length if length is None else length))


def busy(ics: bytes, window: Window, zone: str) -> tuple[Busy, ...]:
    """What is taken within a window, in order, joined where it touches. Raises CalendarRefused, CalendarTooLarge.

    zone: IANA name in which floating times and whole days are meant, the salon's. Events that are transparent, free
    or cancelled take nothing.
    """
    begins, ends = (moment.astimezone(UTC) for moment in window)
    if not timedelta(0) < ends - begins <= LONGEST_WINDOW:
        raise ValueError(f"a window has up to {LONGEST_WINDOW.days} days, got {window}")
    here, budget = ZoneInfo(zone), Budget(MOST_DAYS)
    found: list[Busy] = []
    with _refusing_what_is_broken():
        for group in _groups(_parsed(ics)):
            found += _of_group(group, begins, ends, here, budget)
    cut = [Busy(max(one.starts_at, begins), min(one.ends_at, ends)) for one in found]
    return tuple(_joined(one for one in cut if one.starts_at < one.ends_at))


@contextmanager
def _refusing_what_is_broken() -> Iterator[None]:
    """Whatever the parser and the calendar's arithmetic meet in a text that is none."""
    try:
        yield
    except _BROKEN as error:
        raise CalendarRefused from error


def _parsed(ics: bytes) -> list[Event]:
    """The events of a text whose rules a parser can bear. Raises CalendarRefused, CalendarTooLarge."""
    if len(ics) > MOST_BYTES:
        raise CalendarTooLarge
    if ics.upper().count(b"BEGIN:") > MOST_PARTS or len(_DATE.findall(ics)) > MOST_DATES:
        raise CalendarTooLarge
    _check_rules_of_zones(_FOLD.sub(b"", ics))
    return [
        event
        for calendar in Calendar.from_ical(ics, multiple=True)
        for event in calendar.walk("VEVENT")
        if isinstance(event, Event)
    ]


def _check_rules_of_zones(unfolded: bytes) -> None:
    """Rules of time zones are expanded by the parser's library: only those that always come true may pass."""
    inside = False
    for line in unfolded.splitlines():
        word = line.strip().upper()
        if word in (b"BEGIN:VTIMEZONE", b"END:VTIMEZONE"):
            inside = word.startswith(b"BEGIN")
        rule = _RRULE.match(line.strip())
        if rule is None or not inside:
            continue
        parts = [part for part in rule[1].split(b";") if part]
        both = _NUMBERED.search(rule[1]) and b"BYMONTHDAY" in rule[1].upper()
        if both or not all(_OF_ZONES.fullmatch(part.strip()) for part in parts):
            raise CalendarRefused("A rule of a time zone is not understood.")


def _groups(events: Iterable[Event]) -> Iterable[list[Event]]:
    """Events by UID: a series and what was changed of it. Without one, each stands for itself."""
    groups: dict[object, list[Event]] = defaultdict(list)
    for number, event in enumerate(events):
        groups[str(event.get("uid") or number)].append(event)
    return groups.values()


def _of_group(
    group: list[Event], begins: datetime, ends: datetime, here: ZoneInfo, budget: Budget
) -> Iterator[Busy]:
    """A series without the days that were taken out or changed, and what these have become."""
    newest: dict[object, Event] = {}
    for event in sorted(group, key=lambda one: int(one.get("sequence", 0))):
        newest[_key(event, here)] = event
    changed = {key for key in newest if key is not None}
    for key, event in newest.items():
        if not _takes_time(event):
            continue
        meeting = _meeting(event, here)
        if key is not None:
            yield meeting.at(meeting.start)
            continue
        out = changed | {_moment(value, here) for value in _dates(event, "exdate")}
        for one in _occurrences(event, meeting, begins, ends, here, budget):
            if one.starts_at not in out and _day_of(one, meeting) not in out:
                yield one


def _occurrences(
    event: Event, meeting: _Meeting, begins: datetime, ends: datetime, here: ZoneInfo, budget: Budget
) -> Iterator[Busy]:
    rules: Any = event.get("rrule")
    yield meeting.at(meeting.start)
    for value in _dates(event, "rdate"):
        if isinstance(value, tuple):
            first, last = value
            until = first + last if isinstance(last, timedelta) else last
            yield Busy(_instant(first, here), min(_instant(until, here), _instant(first, here) + MOST_LENGTH))
        else:
            moment = _moment(value, here)
            start = moment if isinstance(moment, datetime) else _instant(moment, here)
            yield Busy(start, start + meeting.length)
    for parts in rules if isinstance(rules, list) else [rules] if rules else []:
        rule = rule_of(parts, meeting.start, _until(parts, meeting, here))
        margin = meeting.length + timedelta(days=1)
        after, before = ((moment.astimezone(meeting.zone)).replace(tzinfo=None) for moment in (begins, ends))
        for start in starts(rule, meeting.start, after - margin, before, budget):
            yield meeting.at(start)


def _meeting(event: Event, here: ZoneInfo) -> _Meeting:
    """When an event begins, and how long it lasts. Raises CalendarRefused."""
    first = _value(event, "dtstart")
    last = _value(event, "dtend") if "dtend" in event else None
    length = _value(event, "duration") if "duration" in event else None
    if isinstance(first, datetime):
        zone = first.tzinfo or here
        until = _instant(last, here) if isinstance(last, date) else _instant(first, here)
        took = length if isinstance(length, timedelta) else until - _instant(first, here)
        start = first.replace(tzinfo=None)
    elif isinstance(first, date):
        zone, start = here, datetime.combine(first, time())
        whole = (
            (last - first) if isinstance(last, date) and not isinstance(last, datetime) else timedelta(days=1)
        )
        took = length if isinstance(length, timedelta) else whole
        took = _instant(start + took, here) - _instant(start, here)
    else:
        raise CalendarRefused("An event without a beginning.")
    return _Meeting(start, max(timedelta(0), min(took, MOST_LENGTH)), zone)


def _takes_time(event: Event) -> bool:
    free = str(event.get("transp", "")).upper() == "TRANSPARENT"
    free = free or str(event.get("x-microsoft-cdo-busystatus", "")).upper() == "FREE"
    return not free and str(event.get("status", "")).upper() != "CANCELLED"


def _key(event: Event, here: ZoneInfo) -> datetime | date | None:
    """Which occurrence of its series an event replaces; None is the series itself."""
    if "recurrence-id" not in event:
        return None
    if "RANGE" in event["recurrence-id"].params:
        raise CalendarRefused("A change of a series from a day on is not understood.")
    return _moment(_value(event, "recurrence-id"), here)


def _moment(value: Any, here: ZoneInfo) -> datetime | date:
    """A time in UTC, or a whole day as it is."""
    if isinstance(value, tuple):
        value = value[0]
    return _instant(value, here) if isinstance(value, datetime) else value


def _instant(value: date, here: ZoneInfo) -> datetime:
    """A time or the beginning of a day, in UTC; what names no zone is meant here."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=here)).astimezone(UTC)


def _day_of(one: Busy, meeting: _Meeting) -> date:
    return one.starts_at.astimezone(meeting.zone).date()


def _until(parts: Any, meeting: _Meeting, here: ZoneInfo) -> datetime | None:
    """The last moment of a rule by the event's own wall clock; a day counts to its end."""
    values = parts.get("UNTIL")
    if not values:
        return None
    value = values[0] if isinstance(values, list) else values
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max)
    if value.tzinfo is None:
        return value
    return value.astimezone(meeting.zone or here).replace(tzinfo=None)


def _dates(event: Event, name: str) -> list[Any]:
    """The values of all of an event's lists of this name."""
    lists: Any = event.get(name, [])
    return [value.dt for one in (lists if isinstance(lists, list) else [lists]) for value in one.dts]


def _value(event: Event, name: str) -> Any:
    value: Any = event[name]
    return value.dt


def _joined(taken: Iterable[Busy]) -> Iterator[Busy]:
    last: Busy | None = None
    for one in sorted(taken):
        if last is None:
            last = one
        elif one.starts_at <= last.ends_at:
            last = Busy(last.starts_at, max(last.ends_at, one.ends_at))
        else:
            yield last
            last = one
    if last is not None:
        yield last
