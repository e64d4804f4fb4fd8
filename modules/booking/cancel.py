"""Calling appointments off: one, or one with all that follows it."""

from __future__ import annotations

from kit import clock, versions
from kit.audit import record
from kit.db.unit import Unit
from kit.outbox import emit
from kit.settings import Settings
from modules.accounts.caller import Caller
from modules.booking import letters, service, treatment
from modules.booking.errors import BookingEnded, FeeDue, ForTheDesk
from modules.booking.events import AppointmentCancelled
from modules.booking.policy import share
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import OPEN, BookingStatus, CancelRequest


async def cancel(
    unit: Unit,
    caller: Caller,
    booking_id: str,
    asked: CancelRequest,
    expected: int | None = None,
    *,
    settings: Settings,
) -> Appointment:
    """Call an appointment off, or give a held time back; what follows it of its series stands unless she says so too.

    Raises UnknownBooking, BookingEnded, FeeDue, ForTheDesk, VersionStale.
    """
    held = await service.locked(unit, await service.find(unit, caller, booking_id))
    versions.check(held.row_version, expected)
    now, by_customer = clock.now(), caller.customer_id is not None
    if held.status not in OPEN or (by_customer and held.starts_at <= now):
        raise BookingEnded
    if asked.waive_fee and by_customer:
        raise ForTheDesk
    series = await treatment.together(unit, held)
    later = treatment.following(held, series)
    ending = [held, *later] if asked.following else [held]
    policy = (await setup.booking_rules(unit)).rules.policy
    fees = {
        one.id: share(one.price_amount, policy.late_percent(one.starts_at, now))
        for one in ending
        if one.status is BookingStatus.BOOKED and not asked.waive_fee
    }
    if any(fees.values()) and not asked.accept_fee:
        raise FeeDue
    cancelled = [await _end(unit, one, fees.get(one.id, 0)) for one in ending]
    standing = [] if asked.following else later
    await letters.cancelled(unit, ending, cancelled, standing, settings, by_salon=not by_customer)
    await record(unit, caller, "booking.cancelled", *(one.id for one in cancelled))
    return cancelled[0]


async def _end(unit: Unit, held: Appointment, fee: int) -> Appointment:
    cancelled = await appointments.change(
        unit,
        held.id,
        status=BookingStatus.CANCELLED,
        hold_until=None,
        fee_amount=fee or None,
        sequence=held.sequence + 1,
    )
    await service.give_back(unit, cancelled)
    if held.status is BookingStatus.BOOKED:
        await emit(unit, AppointmentCancelled(held.id, cancelled.sequence))
    return cancelled
