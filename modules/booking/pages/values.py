"""What the page of an appointment says, for its template in api/pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kit import clock
from kit.db.unit import Unit
from kit.money import Price
from modules.accounts import service as accounts
from modules.booking.book import soonest
from modules.booking.calendar import calendar
from modules.booking.plan import PATCH_TEST, menu, works_of
from modules.booking.setup.wire import Location
from modules.booking.spans import moment
from modules.booking.store import setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import Booking, BookingStatus
from modules.catalog.shelf import Shelf
from modules.messaging import language as spelt

AHEAD = timedelta(days=14)
"""How far another time is looked for, from the later of now and the day before the appointment."""
MOST = 60
"""Times that are offered."""


async def visit(unit: Unit, shelf: Shelf, row: Appointment, view: Booking, language: str) -> dict[str, Any]:
    """Facts of an appointment in a language, and what may be done with it now."""
    to_come = row.starts_at > clock.now()
    movable = to_come and row.status is BookingStatus.BOOKED
    place = (await setup.locations_by_id(unit, [row.location_id]))[row.location_id]
    return {
        "salon": (await accounts.business(unit)).name,
        "when": _when(row.starts_at, place, language),
        "until": _clock(row.ends_at, place, language),
        "what": list(dict.fromkeys(leg.name for leg in row.legs)),
        "who": ", ".join(dict.fromkeys(leg.stylist for leg in view.services if leg.stylist)),
        "where": place.name,
        "price": _money(view.price, language),
        "fee": _money(view.fee, language) if movable else "",
        "held": None if row.hold_until is None else _clock(row.hold_until, place, language),
        "movable": movable,
        "cancellable": movable or (to_come and row.status is BookingStatus.HELD),
        "cancelled": row.status is BookingStatus.CANCELLED,
        "times": [
            (at.isoformat(), _when(at, place, language))
            for at in (await _other_times(unit, shelf, row, place) if movable else [])
        ],
    }


async def _other_times(unit: Unit, shelf: Shelf, row: Appointment, place: Location) -> list[datetime]:
    """When else it could begin, as customers book; none where one of its services is no longer offered."""
    offered, works = await menu(unit, shelf), works_of(row.legs)
    if any(work.service_id not in {*offered.services, PATCH_TEST} for work in works):
        return []
    now, policy = clock.now(), (await setup.booking_rules(unit)).rules.policy
    soon = soonest(policy, now, by_customer=True)
    first = max(soon, row.starts_at - timedelta(days=1))
    last = min(first + AHEAD, now + timedelta(days=policy.ahead_days))
    if first >= last:
        return []
    here = await calendar(unit, place, first, last, test=row.test, but=row.id)
    found = (moment(slot.start) for slot in here.slots(offered.visit(works), first, last, None))
    return [at for at in found if at != row.starts_at][:MOST]


def _when(at: datetime, place: Location, language: str) -> str:
    day = spelt.day(at, place.zone, spelt.chosen(language).locale)
    return f"{day}, {_clock(at, place, language)}"


def _clock(at: datetime, place: Location, language: str) -> str:
    return spelt.clock_time(at, place.zone, spelt.chosen(language).locale)


def _money(price: Price, language: str) -> str:
    """Empty where there is nothing to pay."""
    return spelt.amount(price, spelt.chosen(language).locale) if price.amount else ""
