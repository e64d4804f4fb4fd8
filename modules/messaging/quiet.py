"""Quiet hours: what is due at night waits until the morning, by the clock on the wall where the reader is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_allowed(at: datetime, zone: str, quiet_from: time, quiet_until: time) -> datetime:
    """`at`, or the end of the quiet hours that it falls into, in UTC. Equal times mean that there are none.

    zone: an IANA name. A morning that a change of clocks skips comes an hour later by the wall, as PEP 495 has it.
    """
    there = at.astimezone(ZoneInfo(zone))
    wall = there.time()
    if quiet_from <= quiet_until:
        quiet, next_day = quiet_from <= wall < quiet_until, False
    else:
        quiet, next_day = wall >= quiet_from or wall < quiet_until, wall >= quiet_from
    if not quiet:
        return at.astimezone(UTC)
    morning = datetime.combine(there.date() + timedelta(days=next_day), quiet_until, tzinfo=there.tzinfo)
    return morning.astimezone(UTC)
