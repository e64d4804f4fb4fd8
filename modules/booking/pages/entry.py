"""An appointment to be put into a calendar from its page."""

from __future__ import annotations

from kit import clock
from kit.db.unit import Unit
from kit.settings import Settings
from modules.accounts import service as accounts
from modules.booking import ics, treatment
from modules.booking.entries import entry
from modules.booking.ics import Party
from modules.booking.store import setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingStatus


async def calendar(unit: Unit, row: Appointment, settings: Settings) -> bytes:
    """It and what else is booked of its series (RFC 5546, PUBLISH), under the UIDs that its letters have."""
    place = (await setup.locations_by_id(unit, [row.location_id]))[row.location_id]
    series = await treatment.together(unit, row)
    rows = [row, *(one for one in series if one.id != row.id and one.status is BookingStatus.BOOKED)]
    name, sender = (await accounts.business(unit)).name, settings.mail.sender
    events = [entry(one, place, settings) for one in rows]
    return ics.publication(events, Party(sender, name) if sender else None, at=clock.now())
