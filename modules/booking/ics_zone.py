"""A time zone as calendars want it spelt out (VTIMEZONE, RFC 5545, 3.6.5), for the years that are needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(days=7)
"""No zone changes its clocks and changes them back within a week, but for a few in the last century."""
_SECOND = timedelta(seconds=1)


def zone_component(name: str, first: datetime, last: datetime) -> Timezone:
    """The offsets of a zone from `first` to `last`, and the moment of each change between them.

    A moment is told by the clock that is left by it, which is 2:00 when 3:00 follows.
    """
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    changes: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = defaultdict(list)
    before = first.astimezone(zone)
    offset = before.utcoffset() or timedelta()
    begun = before.replace(tzinfo=None, microsecond=0)
    changes[offset, offset, before.tzname() or name, bool(before.dst())].append(begun)
    for moment in _changes(zone, first, last):
        left, came = (moment - _SECOND).astimezone(zone), moment.astimezone(zone)
        was, now = left.utcoffset() or timedelta(), came.utcoffset() or timedelta()
        wall = (moment + was).replace(tzinfo=None)
        changes[was, now, came.tzname() or name, bool(came.dst())].append(wall)
    for (was, now, called, summer), moments in changes.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("dtstart", moments[0])
        if moments[1:]:
            part.add("rdate", moments[1:])
        part.add("tzname", called)
        part.add("tzoffsetfrom", was)
        part.add("tzoffsetto", now)
        component.add_component(part)
    return component


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments, in UTC, at which the offset from UTC changes."""
    here = first.astimezone(UTC).replace(microsecond=0)
    while here < last:
        there = here + _STEP
        if _offset(zone, here) != _offset(zone, there):
            early, late = here, there
            while late - early > _SECOND:
                middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
                if _offset(zone, middle) == _offset(zone, here):
                    early = middle
                else:
                    late = middle
            yield late
        here = there


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
