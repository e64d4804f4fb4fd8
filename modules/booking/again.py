"""Another time than she had: which there are, and booking what lapsed, was called off, or is wanted again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from kit import clock
from kit.audit import record
from kit.db.unit import Unit
from kit.settings import Settings
from looks.finger import Finger
from modules.accounts.caller import Caller
from modules.booking import availability, holds, service, treatment
from modules.booking.book import Maker, book, nearest, refuse_untimely, soonest, tell_booked, whole_minute
from modules.booking.calendar import calendar
from modules.booking.errors import (
    BadLook,
    HairUnknown,
    LookChanged,
    NotBookable,
    StillBooked,
    TooClose,
    UnknownService,
)
from modules.booking.plan import PATCH_TEST, Plan, Planned, Wanted, menu, works_of
from modules.booking.quote import Wishes
from modules.booking.setup import service as salon
from modules.booking.setup.wire import Location
from modules.booking.spans import moment
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingRequest, BookingStatus, Source, VisitPurpose
from modules.catalog.shelf import Shelf
from modules.tryon.wire import DesignChoice

GONE = (BadLook, HairUnknown, LookChanged, NotBookable, UnknownService)
"""What was booked is no longer on offer as it was."""


async def other_times(
    unit: Unit,
    caller: Caller,
    shelf: Shelf,
    row: Appointment,
    place: Location,
    first: datetime,
    last: datetime,
) -> list[datetime]:
    """When else it could begin between two moments, as customers book; none where it is no longer offered."""
    series = await treatment.together(unit, row)
    try:
        if is_to_come(row) or _is_part(row, series):
            return await _times_of_part(unit, shelf, row, series, place, first, last)
        wanted = _wanted(_leading(row, series))
        found = await availability.free_slots(unit, caller, shelf, place.id, first, last, wanted)
    except GONE:
        return []
    return [slot.starts_at for slot in found.items]


async def book_again(
    unit: Unit, caller: Caller, shelf: Shelf, booking_id: str, at: datetime, *, settings: Settings
) -> Appointment:
    """What lapsed, was called off or is over, once more; what was only held is given back for it.

    One of a treatment whose others stand is put in its place again; else all that it takes is booked. Where nobody left
    a name, the time is held. Raises StillBooked, TooClose, and as `book`.
    """
    was = await service.locked(unit, await service.find(unit, caller, booking_id))
    if is_to_come(was):
        raise StillBooked
    series = await treatment.together(unit, was)
    await _drop(unit, series or [was])
    asked = _request(_leading(was, series), whole_minute(at))
    if asked.hold:
        await holds.refuse_crowd(unit, was.location_id)
    if not _is_part(was, series):
        return await book(unit, caller, shelf, asked, settings=settings)
    made = await _put_back(unit, caller, shelf, was, series, asked)
    await tell_booked(unit, [one for one in [made] if one.status is BookingStatus.BOOKED], settings)
    await record(unit, caller, "booking.created", made.id)
    return made


async def _put_back(
    unit: Unit,
    caller: Caller,
    shelf: Shelf,
    was: Appointment,
    series: Collection[Appointment],
    asked: BookingRequest,
) -> Appointment:
    """One appointment among those that stand, at the price that it had. Raises OutsideWindow, SlotTaken, TooClose."""
    place = await salon.location(unit, was.location_id, lock=True)
    offered, now = await menu(unit, shelf), clock.now()
    policy = (await setup.booking_rules(unit)).rules.policy
    source = Source.CUSTOMER if caller.customer_id is not None else Source.DESK
    if source is Source.CUSTOMER:
        refuse_untimely(policy, asked.starts_at, now)
    due = Planned(was.purpose, works_of(was.legs), was.price_amount)
    keeping = treatment.bounds(was, series, place.zone)
    if not keeping.allow(asked.starts_at):
        first, visit = soonest(policy, now, by_customer=source is Source.CUSTOMER), offered.visit(due.works)
        near = await nearest(
            unit, place, visit, asked.starts_at, was.customer_id, None, soonest=first, bounds=keeping
        )
        raise TooClose(alternatives=near)
    maker = Maker(unit, place, offered, policy, source, was.customer_id, asked)
    plan = Plan((due,), was.price_currency, quoted=was.quote)
    return await maker.make(plan, due, asked.starts_at, was.series_id)


async def _drop(unit: Unit, held: Iterable[Appointment]) -> None:
    """Give back what was only held."""
    for one in held:
        if one.status is BookingStatus.HELD:
            dropped = await appointments.change(
                unit, one.id, status=BookingStatus.CANCELLED, hold_until=None, sequence=one.sequence + 1
            )
            await service.give_back(unit, dropped)


async def _times_of_part(
    unit: Unit,
    shelf: Shelf,
    row: Appointment,
    series: Collection[Appointment],
    place: Location,
    first: datetime,
    last: datetime,
) -> list[datetime]:
    """When this one appointment could be, among those that stand. Raises UnknownService, NotBookable."""
    visit = (await menu(unit, shelf)).visit(works_of(row.legs))
    now, policy = clock.now(), (await setup.booking_rules(unit)).rules.policy
    first = max(first, soonest(policy, now, by_customer=True))
    last = min(last, now + timedelta(days=policy.ahead_days))
    first, last = treatment.bounds(row, series, place.zone).within(first, last)
    if first >= last:
        return []
    here = await calendar(unit, place, first, last, test=row.test, but=row.id)
    found = (moment(slot.start) for slot in here.slots(visit, first, last, None))
    return [at for at in found if at != row.starts_at or not is_to_come(row)]


def is_to_come(row: Appointment) -> bool:
    """Whether she is expected: another time is a move then."""
    return row.status is BookingStatus.BOOKED and row.starts_at > clock.now()


def _is_part(row: Appointment, series: Iterable[Appointment]) -> bool:
    """Whether it is one of a treatment whose others stand."""
    bound = row.quote is not None and (row.quote.days_apart or row.quote.patch_test_hours)
    return bool(bound) and any(other.status in (BookingStatus.BOOKED, BookingStatus.DONE) for other in series)


def _leading(row: Appointment, series: Collection[Appointment]) -> Appointment:
    """What a series is about: a patch test is made for what comes after it."""
    return next((one for one in series if one.purpose is not VisitPurpose.PATCH_TEST), row)


def _wanted(row: Appointment) -> Wanted:
    asked = _request(row, row.starts_at)
    return Wanted(services=asked.services, designs=asked.designs, wishes=asked.wishes)


def _request(row: Appointment, at: datetime) -> BookingRequest:
    """What would be asked for today."""
    picked = row.quote.picked if row.quote else ()
    services = tuple(leg.service_id for leg in row.legs if leg.service_id != PATCH_TEST)
    return BookingRequest(
        location_id=row.location_id,
        starts_at=at,
        services=() if picked else services,
        designs=tuple(
            DesignChoice(pick.design_id, None if pick.fingers is None else tuple(map(Finger, pick.fingers)))
            for pick in picked
        ),
        wishes=row.quote.wishes if row.quote else Wishes(),
        contact=row.contact,
        note=row.note,
        hold=row.contact is None,
    )
