"""Another time for what was booked."""

from __future__ import annotations

from datetime import timedelta

from kit import clock, versions
from kit.audit import record
from kit.db.unit import Unit
from kit.outbox import add, emit
from kit.settings import Settings
from modules.accounts.caller import Caller
from modules.booking import holds, letters, service, treatment
from modules.booking.book import (
    keep_contact,
    legs_of,
    nearest,
    refuse_off_grid,
    refuse_stranger,
    refuse_untimely,
    soonest,
    whole_minute,
)
from modules.booking.calendar import calendar
from modules.booking.errors import BookingEnded, FeeDue, SlotTaken, TooClose, UnknownService
from modules.booking.events import AppointmentMoved
from modules.booking.jobs import ForgetContact
from modules.booking.plan import PATCH_TEST, menu, works_of
from modules.booking.policy import share
from modules.booking.setup import service as salon
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingStatus, MoveRequest
from modules.catalog.shelf import Shelf


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

    One of a treatment keeps its distance from the others. Raises BookingEnded, FeeDue, OffTheGrid, OutsideWindow,
    SlotTaken, TooClose, UnknownBooking, UnknownService, UnknownStylist, VersionStale.
    """
    seen = await service.find(unit, caller, booking_id)
    place = await salon.location(unit, seen.location_id, lock=True)
    await holds.lapse(unit, place.id)
    held = await service.locked(unit, seen)
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
    keeping = treatment.bounds(held, await treatment.together(unit, held), place.zone)
    done = here.assign(visit, starts_at, asked.stylist_id)
    if done is None or not keeping.allow(starts_at):
        near = await nearest(
            unit,
            place,
            visit,
            starts_at,
            held.customer_id,
            asked.stylist_id,
            soonest=soonest(policy, now, by_customer=by_customer),
            bounds=keeping,
            but=held.id,
        )
        raise (SlotTaken if done is None else TooClose)(alternatives=near)
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
