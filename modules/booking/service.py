"""Appointments that were made: reading and confirming them, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from kit import clock
from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.ids import is_id
from kit.outbox import emit
from kit.settings import Settings
from modules.accounts.caller import Caller
from modules.booking import holds
from modules.booking.book import tell_booked
from modules.booking.errors import BookingEnded, HoldOver, NotOver, UnknownBooking
from modules.booking.events import AppointmentNoShow
from modules.booking.policy import share
from modules.booking.setup import service as salon
from modules.booking.spans import moment
from modules.booking.store import appointments, setup, waitlist
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingContact, BookingStatus, WaitStatus
from modules.booking.zones import day_start, inside, periods

DAY = 1440


async def find(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    """An appointment that the caller may see. Raises UnknownBooking."""
    found = await appointments.find(unit, booking_id)
    if found is None or not caller.sees(found.customer_id):
        raise UnknownBooking
    return found


async def page(
    unit: Unit, caller: Caller, location_id: str | None, cursor: str | None, limit: int
) -> tuple[list[Appointment], str | None]:
    """The caller's appointments, of one location or of all, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "apt") else None
    return await appointments.page(
        unit,
        location_id=location_id,
        test=caller.test,
        customer_id=caller.customer_id,
        before=before,
        limit=limit,
    )


async def of_day(unit: Unit, caller: Caller, location_id: str, day: date) -> list[Appointment]:
    """What begins on a date of a place's own clock, in the order of time. Raises UnknownLocation."""
    place = await salon.location(unit, location_id)
    spans = inside((day_start(day), day_start(day) + DAY), periods(place.zone, day, day))
    first, last = moment(spans[0][0]), moment(spans[-1][1])
    return await appointments.of_day(
        unit, place.id, first, last, test=caller.test, customer_id=caller.customer_id
    )


async def confirm(
    unit: Unit, caller: Caller, booking_id: str, contact: BookingContact | None = None, *, settings: Settings
) -> Appointment:
    """Take what was held. contact: of who takes it, where nobody left a name before.

    Raises UnknownBooking, HoldOver, BookingEnded.
    """
    held = await locked(unit, await find(unit, caller, booking_id))
    if held.status is BookingStatus.LAPSED or (
        held.hold_until is not None and held.hold_until <= clock.now()
    ):
        raise HoldOver
    if held.status is BookingStatus.BOOKED:
        return held
    if held.status is not BookingStatus.HELD:
        raise BookingEnded
    together = await _held_together(unit, held)
    booked = [
        await appointments.change(
            unit, one.id, status=BookingStatus.BOOKED, hold_until=None, contact=one.contact or contact
        )
        for one in together
    ]
    await waitlist.end_offers(unit, [one.id for one in booked], WaitStatus.BOOKED)
    await tell_booked(unit, booked, settings)
    await record(unit, caller, "booking.confirmed", *(one.id for one in booked))
    return next(one for one in booked if one.id == booking_id)


async def no_show(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    """She did not come; what is left of the time is free. Raises UnknownBooking, BookingEnded, NotOver."""
    held = await _begun(unit, caller, booking_id)
    policy = (await setup.booking_rules(unit)).rules.policy
    fee = share(held.price_amount, policy.no_show_percent)
    missed = await appointments.change(unit, held.id, status=BookingStatus.NO_SHOW, fee_amount=fee or None)
    await give_back(unit, missed)
    await emit(unit, AppointmentNoShow(held.id))
    await record(unit, caller, "booking.no_show", held.id)
    return missed


async def done(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    """She was served. Raises UnknownBooking, BookingEnded, NotOver."""
    held = await _begun(unit, caller, booking_id)
    served = await appointments.change(unit, held.id, status=BookingStatus.DONE)
    await record(unit, caller, "booking.done", held.id)
    return served


async def lapse(unit: Unit, booking_id: str) -> None:
    """A worker gives back what was held too long, and lets those who wait know."""
    held = await appointments.find(unit, booking_id)
    if held is None:
        return
    await setup.location(unit, held.location_id, lock=True)
    lapsed = await holds.lapse(unit, held.location_id)
    if lapsed or held.status is BookingStatus.LAPSED:
        await holds.freed(unit, held.location_id)
    await record(unit, SYSTEM, "booking.lapsed", *lapsed)


async def forget_contact(unit: Unit, booking_id: str, keep: timedelta) -> None:
    """A worker takes name, address and note out of what is long over; what was moved on stays until then."""
    held = await appointments.find(unit, booking_id, lock=True)
    if held is not None and held.ends_at + keep <= clock.now() and (held.contact or held.note):
        await appointments.change(unit, booking_id, contact=None, note="")


async def locked(unit: Unit, seen: Appointment) -> Appointment:
    """The same appointment, held; its location's row first, as everybody takes them.

    A location that was archived meanwhile needs no holding. Raises UnknownBooking.
    """
    await setup.location(unit, seen.location_id, lock=True)
    held = await appointments.find(unit, seen.id, lock=True)
    if held is None:
        raise UnknownBooking
    return held


async def give_back(unit: Unit, ended: Appointment) -> None:
    """Let others have the time of an appointment that ended, and those who wait know of it."""
    await appointments.free(unit, [ended.id])
    await waitlist.end_offers(unit, [ended.id])
    if ended.ends_at > clock.now():
        await holds.freed(unit, ended.location_id)


async def _begun(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    held = await locked(unit, await find(unit, caller, booking_id))
    if held.status is not BookingStatus.BOOKED:
        raise BookingEnded
    if held.starts_at > clock.now():
        raise NotOver
    return held


async def _held_together(unit: Unit, held: Appointment) -> Collection[Appointment]:
    """What is confirmed with it: all of its series that is still held."""
    if held.series_id is None:
        return [held]
    series = await appointments.of_series(unit, [held.series_id])
    return [one for one in series if one.status is BookingStatus.HELD]
