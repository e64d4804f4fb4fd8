"""A place's clock against UTC: a moment is inside local hours when the clock on the wall says so.

So a span of hours that a spring night skips is not there, and one that an autumn night repeats is there twice; nothing
has to decide which of two readings is meant. Source of the zones: the IANA database, through `zoneinfo`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from modules.booking.spans import Span, Spans, moment

DAY = 1440
_STEP = 6 * 60
"""No zone has changed its clock twice within six hours."""
_ORDINAL_OF_EPOCH = date(1970, 1, 1).toordinal()


class Period(NamedTuple):
    """A stretch in which a zone's clock runs evenly. at, until: UTC minutes; offset: minutes ahead of UTC."""

    at: int
    until: int
    offset: int


def day_start(day: date) -> int:
    """Midnight of a date on the wall, as if the wall showed UTC."""
    return (day.toordinal() - _ORDINAL_OF_EPOCH) * DAY


def local_date(zone: str, at: datetime) -> date:
    """The date on the wall."""
    return at.astimezone(ZoneInfo(zone)).date()


def is_zone(name: str) -> bool:
    """Whether the IANA database knows a zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=512)
def periods(zone: str, first: date, last: date) -> tuple[Period, ...]:
    """The even stretches that cover these local dates, oldest first."""
    info = ZoneInfo(zone)
    at, end = day_start(first) - DAY, day_start(last) + 2 * DAY
    found = [Period(at, at, _offset(info, at))]
    while at < end:
        after = min(at + _STEP, end)
        if _offset(info, after) != found[-1].offset:
            change = _change(info, at, after)
            found[-1] = found[-1]._replace(until=change)
            found.append(Period(change, change, _offset(info, after)))
        at = after
    found[-1] = found[-1]._replace(until=end)
    return tuple(found)


def inside(local: Span, clock: Sequence[Period]) -> list[Span]:
    """The UTC minutes at which the wall shows one of these minutes. Touching spans come apart at a change of offset."""
    start, end = local
    cut = [(max(start - p.offset, p.at), min(end - p.offset, p.until)) for p in clock]
    return [span for span in cut if span[0] < span[1]]


def on_the_grid(starts: Spans, step: int, clock: Sequence[Period]) -> list[int]:
    """Minutes of the spans at which the wall shows a multiple of `step` minutes since midnight."""
    found: list[int] = []
    for start, end in starts:
        for at, until, offset in clock:
            first, last = max(start, at), min(end, until)
            if first < last:
                found.extend(range(first + -(first + offset) % step, last, step))
    return found


def same_wall_time(zone: str, at: datetime, days: int) -> datetime:
    """The same reading of the wall's clock so many days on, in UTC; a skipped reading is as long after midnight."""
    then = at.astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return then.astimezone(UTC)


def _offset(info: ZoneInfo, at: int) -> int:
    offset = moment(at).astimezone(info).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The first minute with the later offset."""
    later = _offset(info, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(info, middle) == later:
            after = middle
        else:
            before = middle
    return after
