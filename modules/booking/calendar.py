"""Who and what is free at a place: its team's hours and its things, without what is taken."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from kit.db.unit import Unit
from modules.booking.hours import working
from modules.booking.segments import Visit
from modules.booking.setup.wire import Location
from modules.booking.slots import Assignment, Slot, Thing, Worker, assign, free_of, slots
from modules.booking.spans import Span, minute, minute_after
from modules.booking.store import appointments, setup
from modules.booking.zones import Period, local_date, periods

_REACH = timedelta(days=1)
"""No visit takes anybody for so long before it begins, or after the day on which it does."""


class Calendar(Struct, frozen=True):
    """A place over a stretch of time."""

    location: Location
    clock: tuple[Period, ...]
    workers: tuple[Worker, ...]
    things: tuple[Thing, ...]

    def slots(self, visit: Visit, first: datetime, last: datetime, stylist_id: str | None) -> list[Slot]:
        """When a visit can begin between two moments, with somebody or with anybody."""
        within = minute_after(first), minute_after(last)
        return slots(visit, self._team(stylist_id), self.things, within, self.location.step_min, self.clock)

    def assign(self, visit: Visit, at: datetime, stylist_id: str | None) -> Assignment | None:
        """Who does a visit that begins at this moment, and with what; None when it cannot be done then."""
        return assign(visit, minute(at), self._team(stylist_id), self.things)

    def _team(self, stylist_id: str | None) -> list[Worker]:
        return [worker for worker in self.workers if stylist_id in (None, worker.id)]


async def calendar(
    unit: Unit, location: Location, first: datetime, last: datetime, *, test: bool, but: str = ""
) -> Calendar:
    """The place from one moment to another. test: in the world of test keys; but: an appointment to be moved."""
    first, last = first - _REACH, last + _REACH
    days = local_date(location.zone, first), local_date(location.zone, last)
    team = await setup.every_stylist(unit, location.id)
    things = await setup.every_resource(unit, location.id)
    ids = [*(one.id for one in team), *(one.id for one in things)]
    taken = await appointments.taken(unit, ids, first, last, test=test, but=but)
    for away in await setup.time_off_between(unit, [one.id for one in team], first, last):
        span: Span = minute(away.starts_at), minute_after(away.ends_at)
        taken.setdefault(away.stylist_id, []).append(span)
    closed = frozenset(location.closed_on)
    whole = [(minute(first), minute_after(last))]
    return Calendar(
        location=location,
        clock=periods(location.zone, *days),
        workers=tuple(
            Worker(
                one.id,
                frozenset(one.skills),
                free_of(working(one.schedule, location.zone, *days, closed), taken.get(one.id, ())),
            )
            for one in team
        ),
        things=tuple(Thing(one.id, one.kind, free_of(whole, taken.get(one.id, ()))) for one in things),
    )
