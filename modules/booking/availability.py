"""When services can begin, as customers are shown it."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit import clock
from kit.db.unit import Unit
from modules.accounts.caller import Caller
from modules.booking.book import refuse_stranger, soonest
from modules.booking.calendar import calendar
from modules.booking.errors import OffTheGrid, RangeTooLong
from modules.booking.plan import Wanted, menu, planned
from modules.booking.setup import service as salon
from modules.booking.spans import moment
from modules.booking.store import setup
from modules.booking.wire import FreeSlot, FreeSlots
from modules.catalog.shelf import Shelf

LONGEST = timedelta(days=62)


async def free_slots(
    unit: Unit,
    caller: Caller,
    shelf: Shelf,
    location_id: str,
    first: datetime,
    last: datetime,
    wanted: Wanted,
    stylist_id: str | None = None,
) -> FreeSlots:
    """When a visit can begin between two moments; customers see what they may book.

    Raises BadLook, HairUnknown, LookChanged, NotBookable, OffTheGrid, RangeTooLong, UnknownLocation, UnknownService,
    UnknownStylist, UnknownTryOn.
    """
    if first.tzinfo is None or last.tzinfo is None:
        raise OffTheGrid("A time is written with its zone.")
    if last - first > LONGEST:
        raise RangeTooLong
    place = await salon.location(unit, location_id)
    await refuse_stranger(unit, place, stylist_id)
    offered = await menu(unit, shelf)
    plan = await planned(unit, caller, shelf, offered, wanted)
    visit = offered.visit(plan.appointments[0].works)
    now, by_customer = clock.now(), caller.customer_id is not None
    policy = (await setup.booking_rules(unit)).rules.policy
    if by_customer:
        last = min(last, now + timedelta(days=policy.ahead_days))
    soon = soonest(policy, now, by_customer=by_customer)
    first = max(first, soon + timedelta(hours=plan.patch_test_hours))
    found = []
    if first < last:
        here = await calendar(unit, place, first, last, test=caller.test)
        found = here.slots(visit, first, last, stylist_id)
    return FreeSlots(
        location_id=place.id,
        zone=place.zone,
        minutes=visit.minutes,
        items=tuple(
            FreeSlot(moment(slot.start), moment(slot.start + visit.minutes), slot.alone) for slot in found
        ),
    )
