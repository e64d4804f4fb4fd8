"""Appointments that were made: reading, confirming, moving, cancelling them, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from kit import clock, versions
from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.ids import is_id
from kit.outbox import add, emit
from kit.settings import Settings
from modules.accounts.caller import Caller
from modules.booking import holds, letters
from modules.booking.book import (
    keep_contact,
    legs_of,
    refuse_off_grid,
    refuse_stranger,
    refuse_untimely,
    soonest,
    taken,
    tell_booked,
    whole_minute,
)
from modules.booking.calendar import calendar
from modules.booking.errors import (
    BookingEnded,
    FeeDue,
    ForTheDesk,
    HoldOver,
    NotOver,
    UnknownBooking,
    UnknownService,
)
from modules.booking.events import AppointmentCancelled, AppointmentMoved, AppointmentNoShow
from modules.booking.jobs import ForgetContact
from modules.booking.plan import PATCH_TEST, menu, works_of
from modules.booking.policy import share
from modules.booking.setup import service as salon
from modules.booking.spans import moment
from modules.booking.store import appointments, setup, waitlist
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingStatus, CancelRequest, MoveRequest, WaitStatus
from modules.booking.zones import day_start, inside, periods
from modules.catalog.shelf import Shelf

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


async def confirm(unit: Unit, caller: Caller, booking_id: str, *, settings: Settings) -> Appointment:
    """Take what was held. Raises UnknownBooking, HoldOver, BookingEnded."""
    held = await _locked(unit, await find(unit, caller, booking_id))
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
        await appointments.change(unit, one.id, status=BookingStatus.BOOKED, hold_until=None)
        for one in together
    ]
    await waitlist.end_offers(unit, [one.id for one in booked], WaitStatus.BOOKED)
    await tell_booked(unit, booked, settings)
    await record(unit, caller, "booking.confirmed", *(one.id for one in booked))
    return next(one for one in booked if one.id == booking_id)


async def move(
    unit: Unit,
    caller: Caller,
    shelf: Shelf,
    booking_id: str,
    asked: MoveRequest,
    expected: int | None,
    *,
    settings: Settings,
) -> Appointment:
    """Another time for the same appointment, at one stroke: the old time is free only when the new one is taken.

    Raises BookingEnded, FeeDue, OffTheGrid, OutsideWindow, SlotTaken, UnknownBooking, UnknownService, UnknownStylist,
    VersionStale.
    """
    seen = await find(unit, caller, booking_id)
    place = await salon.location(unit, seen.location_id, lock=True)
    await holds.lapse(unit, place.id)
    held = await _locked(unit, seen)
    versions.check(held.row_version, expected)
    if held.status is not BookingStatus.BOOKED:
        raise BookingEnded
    policy = (await setup.booking_rules(unit)).rules.policy
    starts_at, now = whole_minute(asked.starts_at), clock.now()
    by_customer = caller.customer_id is not None
    late = policy.late_percent(held.starts_at, now) if by_customer else 0
    if by_customer:
        if held.starts_at <= now:
            raise BookingEnded
        refuse_untimely(policy, starts_at, now)
    if late and not asked.accept_fee:
        raise FeeDue
    offered = await menu(unit, shelf)
    works = works_of(held.legs)
    if missing := [w.service_id for w in works if w.service_id not in {*offered.services, PATCH_TEST}]:
        raise UnknownService(f"{', '.join(missing)} is no longer offered.")
    visit = offered.visit(works)
    await refuse_stranger(unit, place, asked.stylist_id)
    here = await calendar(unit, place, starts_at, starts_at, test=held.test, but=held.id)
    if by_customer:
        refuse_off_grid(here, starts_at)
    done = here.assign(visit, starts_at, asked.stylist_id)
    if done is None:
        first = soonest(policy, now, by_customer=by_customer)
        raise await taken(
            unit,
            place,
            visit,
            starts_at,
            held.customer_id,
            asked.stylist_id,
            soonest=first,
            but=held.id,
        )
    moved = await appointments.change(
        unit,
        held.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=visit.minutes),
        legs=legs_of(offered, works, visit, done, starts_at),
        sequence=held.sequence + 1,
        fee_amount=max(held.fee_amount or 0, share(held.price_amount, late)) or None,
    )
    await appointments.free(unit, [held.id])
    await appointments.occupy(unit, moved, done.taken)
    await holds.freed(unit, place.id)
    await add(unit, ForgetContact(moved.id), at=moved.ends_at + keep_contact(settings))
    await letters.moved(unit, moved, held, settings)
    await emit(unit, AppointmentMoved(moved.id, moved.sequence))
    await record(unit, caller, "booking.moved", moved.id)
    return moved


async def cancel(
    unit: Unit,
    caller: Caller,
    booking_id: str,
    asked: CancelRequest,
    expected: int | None = None,
    *,
    settings: Settings,
) -> Appointment:
    """Call an appointment off, or give a held time back. Raises UnknownBooking, BookingEnded, FeeDue, VersionStale."""
    held = await _locked(unit, await find(unit, caller, booking_id))
    versions.check(held.row_version, expected)
    now = clock.now()
    by_customer = caller.customer_id is not None
    if held.status not in (BookingStatus.HELD, BookingStatus.BOOKED) or (
        by_customer and held.starts_at <= now
    ):
        raise BookingEnded
    if asked.waive_fee and by_customer:
        raise ForTheDesk
    policy = (await setup.booking_rules(unit)).rules.policy
    costs = held.status is BookingStatus.BOOKED and not asked.waive_fee
    late = policy.late_percent(held.starts_at, now) if costs else 0
    fee = share(held.price_amount, late)
    if fee and not asked.accept_fee:
        raise FeeDue
    was_booked = held.status is BookingStatus.BOOKED
    cancelled = await appointments.change(
        unit,
        held.id,
        status=BookingStatus.CANCELLED,
        hold_until=None,
        fee_amount=fee or None,
        sequence=held.sequence + 1,
    )
    await _give_back(unit, cancelled)
    await letters.cancelled(unit, cancelled, held, settings, by_salon=not by_customer)
    if was_booked:
        await emit(unit, AppointmentCancelled(held.id, cancelled.sequence))
    await record(unit, caller, "booking.cancelled", held.id)
    return cancelled


async def no_show(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    """She did not come; what is left of the time is free. Raises UnknownBooking, BookingEnded, NotOver."""
    held = await _begun(unit, caller, booking_id)
    policy = (await setup.booking_rules(unit)).rules.policy
    fee = share(held.price_amount, policy.no_show_percent)
    missed = await appointments.change(unit, held.id, status=BookingStatus.NO_SHOW, fee_amount=fee or None)
    await _give_back(unit, missed)
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
    await salon_lock(unit, held.location_id)
    lapsed = await holds.lapse(unit, held.location_id)
    if lapsed or held.status is BookingStatus.LAPSED:
        await holds.freed(unit, held.location_id)
    await record(unit, SYSTEM, "booking.lapsed", *lapsed)


async def forget_contact(unit: Unit, booking_id: str, keep: timedelta) -> None:
    """A worker takes name, address and note out of what is long over; what was moved on stays until then."""
    held = await appointments.find(unit, booking_id, lock=True)
    if held is not None and held.ends_at + keep <= clock.now() and (held.contact or held.note):
        await appointments.change(unit, booking_id, contact=None, note="")


async def salon_lock(unit: Unit, location_id: str) -> None:
    """Hold a location's row; one that was archived meanwhile needs no holding."""
    await setup.location(unit, location_id, lock=True)


async def _locked(unit: Unit, seen: Appointment) -> Appointment:
    """The same appointment, held; its location's row first, as everybody takes them."""
    await salon_lock(unit, seen.location_id)
    held = await appointments.find(unit, seen.id, lock=True)
    if held is None:
        raise UnknownBooking
    return held


async def _begun(unit: Unit, caller: Caller, booking_id: str) -> Appointment:
    held = await _locked(unit, await find(unit, caller, booking_id))
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


async def _give_back(unit: Unit, ended: Appointment) -> None:
    await appointments.free(unit, [ended.id])
    await waitlist.end_offers(unit, [ended.id])
    if ended.ends_at > clock.now():
        await holds.freed(unit, ended.location_id)
