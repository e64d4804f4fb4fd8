"""The waiting list: who wants a time that is taken, and what is held for her when one comes free."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.ids import is_id, new_id
from kit.outbox import add, emit
from kit.settings import Settings
from modules.accounts.caller import Caller, is_test
from modules.booking import holds, letters
from modules.booking.book import Maker, refuse_stranger
from modules.booking.calendar import calendar
from modules.booking.errors import (
    BadLook,
    NotBookable,
    OutsideWindow,
    TooManyWaiting,
    UnknownService,
    UnknownWaiting,
    WaitingEnded,
)
from modules.booking.events import WaitlistOffered
from modules.booking.jobs import EndWaiting
from modules.booking.plan import Menu, menu, plan_of_services
from modules.booking.policy import Policy
from modules.booking.quote import Wishes
from modules.booking.setup import service as salon
from modules.booking.setup.wire import Location
from modules.booking.spans import moment
from modules.booking.store import setup, waitlist
from modules.booking.store.appointments import Appointment
from modules.booking.store.waitlist import Place
from modules.booking.wire import BookingRequest, BookingStatus, Source, WaitRequest, WaitStatus
from modules.catalog.shelf import Shelf
from modules.customers import service as customers

MOST, AT_A_TIME = 10, 50


async def wait(unit: Unit, caller: Caller, shelf: Shelf, asked: WaitRequest) -> Place:
    """Join the list.

    Raises BadLook, NotBookable, OutsideWindow, TooManyWaiting, UnknownCustomer, UnknownLocation, UnknownService,
    UnknownStylist.
    """
    place = await salon.location(unit, asked.location_id)
    customer_id = await customers.acting_for(unit, caller, asked.customer_id)
    await refuse_stranger(unit, place, asked.stylist_id)
    plan_of_services(await menu(unit, shelf), asked.services, Wishes())
    policy = (await setup.booking_rules(unit)).rules.policy
    now = clock.now()
    if asked.earliest.tzinfo is None or asked.latest.tzinfo is None or asked.latest <= asked.earliest:
        raise OutsideWindow("Waiting is from one moment to a later one, each with its zone.")
    if asked.latest <= now or asked.earliest > now + timedelta(days=policy.ahead_days):
        raise OutsideWindow
    if await waitlist.open_of_customer(unit, customer_id) >= MOST:
        raise TooManyWaiting
    joined = await waitlist.insert_place(
        unit,
        Place(
            id=new_id("wai"),
            customer_id=customer_id,
            location_id=place.id,
            status=WaitStatus.WAITING,
            services=asked.services,
            stylist_id=asked.stylist_id,
            earliest=asked.earliest,
            latest=asked.latest,
            appointment_id=None,
            contact=asked.contact,
            created_at=now,
        ),
    )
    await customers.keep(unit, customer_id)
    await add(unit, EndWaiting(joined.id), at=asked.latest)
    await record(unit, caller, "waitlist.joined", joined.id)
    return joined


async def find(unit: Unit, caller: Caller, waiting_id: str) -> Place:
    """Raises UnknownWaiting."""
    found = await waitlist.find(unit, waiting_id)
    if found is None or not caller.sees(found.customer_id):
        raise UnknownWaiting
    return found


async def page(unit: Unit, caller: Caller, cursor: str | None, limit: int) -> tuple[list[Place], str | None]:
    """Newest first."""
    before = cursor if cursor is not None and is_id(cursor, "wai") else None
    return await waitlist.page(
        unit, test=caller.test, customer_id=caller.customer_id, before=before, limit=limit
    )


async def withdraw(unit: Unit, caller: Caller, waiting_id: str) -> Place:
    """Leave the list. Raises UnknownWaiting, WaitingEnded."""
    await find(unit, caller, waiting_id)
    held = await waitlist.find(unit, waiting_id, lock=True)
    if held is None or held.status is not WaitStatus.WAITING:
        raise WaitingEnded
    withdrawn = await waitlist.change(unit, waiting_id, WaitStatus.WITHDRAWN)
    await record(unit, caller, "waitlist.withdrawn", waiting_id)
    return withdrawn


async def end(unit: Unit, waiting_id: str) -> None:
    """A worker lets nobody wait for a time that is over."""
    held = await waitlist.find(unit, waiting_id, lock=True)
    if held is not None and held.status is WaitStatus.WAITING and held.latest <= clock.now():
        await waitlist.change(unit, waiting_id, WaitStatus.OVER)


async def offer(unit: Unit, shelf: Shelf, location_id: str, settings: Settings) -> list[str]:
    """A worker holds what is free for those who wait, the longest first; returns the appointments' ids."""
    place = await setup.location(unit, location_id, lock=True)
    if place is None:
        return []
    await holds.lapse(unit, location_id)
    offered = await menu(unit, shelf)
    policy = (await setup.booking_rules(unit)).rules.policy
    held = [
        made
        for waiting in await waitlist.waiting_at(unit, location_id, clock.now(), AT_A_TIME)
        if (made := await _offer(unit, place, offered, policy, waiting)) is not None
    ]
    for made in held:
        await letters.offered(unit, made, settings)
    ids = [made.id for made in held]
    await record(unit, SYSTEM, "waitlist.offered", *ids)
    return ids


async def _offer(
    unit: Unit, place: Location, offered: Menu, policy: Policy, waiting: Place
) -> Appointment | None:
    """The first slot that somebody waits for, held for her; None where there is none."""
    try:
        plan = plan_of_services(offered, waiting.services, Wishes(patch_tested=True))
    except (UnknownService, NotBookable, BadLook):
        return None  # it is no longer offered
    visit = offered.visit(plan.appointments[0].works)
    first = max(waiting.earliest, clock.now() + timedelta(minutes=policy.notice_min))
    if first >= waiting.latest:
        return None
    test = is_test(waiting.customer_id)
    here = await calendar(unit, place, first, waiting.latest, test=test)
    found = here.slots(visit, first, waiting.latest, waiting.stylist_id)
    if not found:
        return None
    asked = BookingRequest(
        location_id=place.id,
        starts_at=moment(found[0].start),
        services=waiting.services,
        stylist_id=waiting.stylist_id,
        contact=waiting.contact,
    )
    maker = Maker(unit, place, offered, policy, Source.WAITLIST, waiting.customer_id, asked)
    made = await maker.make(plan, plan.appointments[0], asked.starts_at, None)
    assert made.status is BookingStatus.HELD
    await waitlist.change(unit, waiting.id, WaitStatus.OFFERED, made.id)
    await emit(unit, WaitlistOffered(waiting.id, made.id))
    return made
