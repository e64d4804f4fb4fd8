"""Making appointments. Whoever makes, moves or offers one holds its location's row, and so sees what others made.

Behind that stands an exclusion constraint: nobody and nothing is taken twice, whatever the program does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kit import clock
from kit.audit import record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import add, emit
from kit.settings import Settings
from modules.accounts.caller import Caller, CallerKind, is_test
from modules.booking import holds, letters
from modules.booking.calendar import Calendar, calendar
from modules.booking.errors import (
    BadLook,
    ForTheDesk,
    NoRoomForAll,
    OffTheGrid,
    OutsideWindow,
    SlotTaken,
    UnknownStylist,
)
from modules.booking.events import AppointmentBooked
from modules.booking.jobs import ForgetContact, LapseHold
from modules.booking.plan import PATCH_TEST, Menu, Plan, Planned, Wanted, menu, planned
from modules.booking.policy import Policy
from modules.booking.quote import Work
from modules.booking.segments import Visit
from modules.booking.setup import service as salon
from modules.booking.setup.wire import Location
from modules.booking.slots import Assignment
from modules.booking.spans import minute, moment
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment, BookedLeg
from modules.booking.treatment import FREE, Bounds
from modules.booking.wire import BookingRequest, BookingStatus, Source, VisitPurpose
from modules.booking.zones import on_the_grid, same_wall_time
from modules.catalog.shelf import Shelf
from modules.customers import service as customers
from modules.customers.errors import UnknownCustomer
from modules.tryon import service as tryons

NEAREST = 6
"""Alternatives that are offered."""
AROUND = timedelta(days=7)
"""How far from the time that was asked for they may lie."""
SEARCH = timedelta(days=21)
"""How long after its due day a later session may begin, and how long before the first its patch test."""
KEEP_LOOK = timedelta(days=7)
"""How long after the visit the pictures stay that it was booked from."""


async def book(
    unit: Unit, caller: Caller, shelf: Shelf, asked: BookingRequest, *, settings: Settings
) -> Appointment:
    """Make all that was asked for, or nothing of it; returns the first visit.

    Raises BadLook, ForTheDesk, HairUnknown, LookChanged, NoRoomForAll, NotBookable, OffTheGrid, OutsideWindow,
    SlotTaken, UnknownCustomer, UnknownLocation, UnknownService, UnknownStylist, UnknownTryOn.
    """
    source = _source(caller, asked)
    place = await salon.location(unit, asked.location_id, lock=True)
    customer_id = await _customer(unit, caller, asked.customer_id)
    offered = await menu(unit, shelf)
    wanted = Wanted(
        services=asked.services,
        designs=asked.designs,
        tryon_id=asked.tryon_id,
        look=asked.look,
        wishes=asked.wishes,
    )
    plan = await planned(unit, caller, shelf, offered, wanted)
    policy = (await setup.booking_rules(unit)).rules.policy
    starts_at = whole_minute(asked.starts_at)
    if source is Source.CUSTOMER:
        refuse_untimely(policy, starts_at, clock.now())
    if not await customers.keep(unit, customer_id):
        raise UnknownCustomer
    await holds.lapse(unit, place.id)
    maker = Maker(unit, place, offered, policy, source, customer_id, asked)
    first = await maker.series(plan, starts_at)
    made = maker.made
    if asked.tryon_id is not None:
        await tryons.keep_until(unit, asked.tryon_id, max(one.ends_at for one in made) + KEEP_LOOK)
    await tell_booked(unit, [one for one in made if one.status is BookingStatus.BOOKED], settings)
    await record(unit, caller, "booking.created", *(one.id for one in made))
    return first


class Maker:
    """Makes the appointments of one request; the location's row is held."""

    def __init__(
        self,
        unit: Unit,
        place: Location,
        offered: Menu,
        policy: Policy,
        source: Source,
        customer_id: str,
        asked: BookingRequest,
    ) -> None:
        self.unit, self.place, self.offered, self.policy = unit, place, offered, policy
        self.source, self.customer_id, self.asked = source, customer_id, asked
        self.made: list[Appointment] = []

    async def series(self, plan: Plan, starts_at: datetime) -> Appointment:
        """The visit, its patch test, later sessions, and what repeats it. Raises SlotTaken, NoRoomForAll."""
        repeat = self.asked.repeat
        if repeat is not None and (len(plan.appointments) > 1 or plan.patch_test_hours):
            raise BadLook("What takes several appointments by itself cannot be repeated.")
        several = repeat is not None or len(plan.appointments) > 1 or plan.patch_test_hours > 0
        series_id = new_id("ser") if several else None
        visit, *later = plan.appointments
        first = await self.make(plan, visit, starts_at, series_id)
        if plan.patch_test_hours:
            await self._patch_test(plan, starts_at - timedelta(hours=plan.patch_test_hours), series_id)
        before = first
        for session in later:
            before = await self._session(plan, session, before, series_id)
        for number in range(1, repeat.times if repeat else 1):
            assert repeat is not None
            again = same_wall_time(self.place.zone, starts_at, 7 * repeat.every_weeks * number)
            await self.make(plan, visit, again, series_id)
        return first

    async def make(self, plan: Plan, due: Planned, starts_at: datetime, series_id: str | None) -> Appointment:
        """One appointment at this very minute. Raises SlotTaken, OffTheGrid, UnknownStylist."""
        visit = self.offered.visit(due.works)
        here = await calendar(self.unit, self.place, starts_at, starts_at, test=is_test(self.customer_id))
        if self.source is Source.CUSTOMER:
            refuse_off_grid(here, starts_at)
        stylist_id = None if due.purpose is VisitPurpose.PATCH_TEST else self.asked.stylist_id
        await refuse_stranger(self.unit, self.place, stylist_id)
        done = here.assign(visit, starts_at, stylist_id)
        if done is None:
            first = soonest(self.policy, clock.now(), by_customer=self.source is Source.CUSTOMER)
            near = await nearest(
                self.unit, self.place, visit, starts_at, self.customer_id, stylist_id, soonest=first
            )
            raise SlotTaken(alternatives=near)
        held = self.asked.hold or self.source is Source.WAITLIST
        minutes = self.policy.offer_min if self.source is Source.WAITLIST else self.policy.hold_min
        made = await appointments.insert_appointment(
            self.unit,
            Appointment(
                id=new_id("apt"),
                customer_id=self.customer_id,
                location_id=self.place.id,
                test=is_test(self.customer_id),
                status=BookingStatus.HELD if held else BookingStatus.BOOKED,
                source=self.source,
                purpose=due.purpose,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=visit.minutes),
                legs=legs_of(self.offered, due.works, visit, done, starts_at),
                series_id=series_id,
                tryon_id=self.asked.tryon_id,
                quote=plan.quoted,
                price_amount=due.amount,
                price_currency=plan.currency,
                contact=self.asked.contact,
                note=self.asked.note.strip(),
                hold_until=clock.now() + timedelta(minutes=minutes) if held else None,
            ),
        )
        await appointments.occupy(self.unit, made, done.taken)
        if made.hold_until is not None:
            await add(self.unit, LapseHold(made.id), at=made.hold_until)
        self.made.append(made)
        return made

    async def _session(
        self, plan: Plan, session: Planned, before: Appointment, series_id: str | None
    ) -> Appointment:
        """A later session: the first slot from its due day on, at the same reading of the clock or after."""
        first = same_wall_time(self.place.zone, before.starts_at, session.days_after)
        at = await self._slot(session.works, first, first + SEARCH, self.asked.stylist_id, last=False)
        return await self.make(plan, session, at, series_id)

    async def _patch_test(self, plan: Plan, before: datetime, series_id: str | None) -> None:
        """A patch test on the latest slot that lies early enough."""
        test = Planned(VisitPurpose.PATCH_TEST, (Work(PATCH_TEST, 0),), 0)
        first = max(before - SEARCH, clock.now())
        await self.make(plan, test, await self._slot(test.works, first, before, None, last=True), series_id)

    async def _slot(
        self, works: Sequence[Work], first: datetime, until: datetime, stylist_id: str | None, *, last: bool
    ) -> datetime:
        """The first or the last slot of a stretch of time. Raises NoRoomForAll."""
        if first >= until:
            raise NoRoomForAll("It is too soon for the patch test that has to come before.")
        here = await calendar(self.unit, self.place, first, until, test=is_test(self.customer_id))
        found = here.slots(self.offered.visit(works), first, until + timedelta(minutes=1), stylist_id)
        if not found:
            raise NoRoomForAll
        return moment(found[-1 if last else 0].start)


def legs_of(
    offered: Menu, works: Sequence[Work], visit: Visit, done: Assignment, starts_at: datetime
) -> tuple[BookedLeg, ...]:
    """The services of a visit with who does them and when."""
    return tuple(
        BookedLeg(
            leg.service_id,
            offered.name(leg.service_id),
            stylist_id,
            starts_at + timedelta(minutes=leg.span[0]),
            starts_at + timedelta(minutes=leg.span[1]),
            work.extra_min,
        )
        for leg, work, stylist_id in zip(visit.legs, works, done.legs, strict=True)
    )


async def nearest(
    unit: Unit,
    place: Location,
    visit: Visit,
    asked: datetime,
    customer_id: str,
    stylist_id: str | None,
    *,
    soonest: datetime,
    bounds: Bounds = FREE,
    but: str = "",
) -> tuple[Mapping[str, Any], ...]:
    """The slots nearest to a time that are free and may be booked, as refusals show them. but: what is to be moved."""
    asked = bounds.nearest(asked)
    first, last = bounds.within(max(asked - AROUND, soonest), asked + AROUND)
    if first >= last:
        return ()
    here = await calendar(unit, place, first, last, test=is_test(customer_id), but=but)
    found = here.slots(visit, first, last, stylist_id)
    near = sorted(found, key=lambda slot: abs(slot.start - minute(asked)))[:NEAREST]
    alternatives = [
        {
            "starts_at": moment(slot.start),
            "ends_at": moment(slot.start + visit.minutes),
            "stylists": list(slot.alone),
        }
        for slot in sorted(near, key=lambda slot: slot.start)
    ]
    return tuple(msgspec.to_builtins(one) for one in alternatives)


async def tell_booked(unit: Unit, made: Sequence[Appointment], settings: Settings) -> None:
    """Tell that somebody is expected, her first of all, and have her name forgotten when it is long over.

    What was made at one stroke is one letter.
    """
    for one in made:
        source = await customers.source_of(unit, one.customer_id)
        await emit(unit, AppointmentBooked(one.id, one.sequence, one.tryon_id, source))
        await add(unit, ForgetContact(one.id), at=one.ends_at + keep_contact(settings))
    await letters.booked(unit, made, settings)


def keep_contact(settings: Settings) -> timedelta:
    """How long after a visit a name is known."""
    return timedelta(days=settings.retention.contact_days)


def soonest(policy: Policy, now: datetime, *, by_customer: bool) -> datetime:
    """From when on somebody may book."""
    return now + timedelta(minutes=policy.notice_min) if by_customer else now


def refuse_untimely(policy: Policy, starts_at: datetime, now: datetime) -> None:
    """Raises OutsideWindow where a customer books too soon or too far ahead."""
    if not soonest(policy, now, by_customer=True) <= starts_at <= now + timedelta(days=policy.ahead_days):
        raise OutsideWindow


def refuse_off_grid(here: Calendar, starts_at: datetime) -> None:
    """Raises OffTheGrid."""
    at = minute(starts_at)
    if not on_the_grid([(at, at + 1)], here.location.step_min, here.clock):
        raise OffTheGrid


async def refuse_stranger(unit: Unit, place: Location, stylist_id: str | None) -> None:
    """Raises UnknownStylist where somebody is asked for who does not work there."""
    if stylist_id is not None and (await salon.stylist(unit, stylist_id)).location_id != place.id:
        raise UnknownStylist


def whole_minute(at: datetime) -> datetime:
    """Raises OffTheGrid unless it names a moment, to the minute."""
    if at.tzinfo is None or at.second or at.microsecond:
        raise OffTheGrid("A time is written to the minute, with its zone.")
    return at


def _source(caller: Caller, asked: BookingRequest) -> Source:
    """Raises ForTheDesk."""
    if caller.customer_id is not None:
        if asked.walk_in:
            raise ForTheDesk
        return Source.CUSTOMER
    if asked.walk_in:
        return Source.WALK_IN
    return Source.DESK if caller.kind is CallerKind.STAFF else Source.CUSTOMER


async def _customer(unit: Unit, caller: Caller, named: str | None) -> str:
    """Who comes: the visitor herself, whom the salon names, or somebody new. Raises UnknownCustomer."""
    if named is None and caller.customer_id is None:
        return await customers.create(unit, test=caller.test)
    return await customers.acting_for(unit, caller, named)
