"""How far the appointments of one treatment lie apart: a patch test before all of it, each session after the last.

They were made so; whoever moves one of them keeps to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from kit.db.unit import Unit
from modules.booking.store import appointments
from modules.booking.store.appointments import Appointment
from modules.booking.wire import OPEN, BookingStatus, VisitPurpose
from modules.booking.zones import same_wall_time

STANDING = (*OPEN, BookingStatus.DONE)


class Bounds(Struct, frozen=True):
    """From when to when one of them may begin; None where nothing bounds it."""

    earliest: datetime | None = None
    latest: datetime | None = None

    def allow(self, at: datetime) -> bool:
        """Whether it may begin then."""
        return (self.earliest is None or self.earliest <= at) and (self.latest is None or at <= self.latest)

    def nearest(self, at: datetime) -> datetime:
        """The moment itself where it may begin then, else the bound that it misses."""
        after = at if self.earliest is None else max(at, self.earliest)
        return after if self.latest is None else min(after, self.latest)

    def within(self, first: datetime, last: datetime) -> tuple[datetime, datetime]:
        """What of a stretch of time lies inside them; nothing where the end does not come after the beginning."""
        after = last if self.latest is None else min(last, self.latest + timedelta(minutes=1))
        return first if self.earliest is None else max(first, self.earliest), after


FREE = Bounds()


async def together(unit: Unit, one: Appointment) -> list[Appointment]:
    """All of its series, in the order of time; nothing where it stands alone."""
    return [] if one.series_id is None else await appointments.of_series(unit, [one.series_id])


def bounds(one: Appointment, series: Iterable[Appointment], zone: str) -> Bounds:
    """When one of a treatment may begin, as the others stand. zone: of the place's clock, by which days are counted."""
    if one.quote is None:
        return FREE
    others = [other for other in series if other.id != one.id and other.status in STANDING]
    before = [other for other in others if other.starts_at < one.starts_at]
    after = [other for other in others if other.starts_at > one.starts_at]
    ahead, apart = timedelta(hours=one.quote.patch_test_hours), one.quote.days_apart
    if one.purpose is VisitPurpose.PATCH_TEST:
        return Bounds(latest=min((other.starts_at - ahead for other in after), default=None))
    earliest = [other.starts_at + ahead for other in before if other.purpose is VisitPurpose.PATCH_TEST]
    earliest += [same_wall_time(zone, other.starts_at, apart) for other in _sessions(before)[-1:]]
    latest = [same_wall_time(zone, other.starts_at, -apart) for other in _sessions(after)[:1]]
    return Bounds(max(earliest, default=None), min(latest, default=None))


def following(one: Appointment, series: Iterable[Appointment]) -> list[Appointment]:
    """What of a series is still to come after one of it."""
    return [other for other in series if other.status in OPEN and other.starts_at > one.starts_at]


def _sessions(of: Iterable[Appointment]) -> Sequence[Appointment]:
    return [other for other in of if other.purpose is VisitPurpose.SESSION]
