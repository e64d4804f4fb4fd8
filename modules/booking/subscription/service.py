"""Calendars to subscribe to: the link to one, taking every link to it back, and what it shows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from kit import clock
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.settings import Settings
from modules.booking import feeds, ics
from modules.booking.entries import entry, entry_of_stylist
from modules.booking.feeds import FeedOf
from modules.booking.ics import CalendarEvent
from modules.booking.setup import service as salon
from modules.booking.store import appointments, setup
from modules.booking.store import feeds as stored

BEFORE, AHEAD = timedelta(days=60), timedelta(days=400)
"""What a calendar shows, counted from today: farther than anybody books."""


class CalendarLink(Struct, frozen=True):
    """The address of a calendar, to be kept secret: it needs no key. version: grows when it is renewed."""

    url: str
    version: int


async def link(unit: Unit, of: FeedOf, subject_id: str, settings: Settings) -> CalendarLink:
    """Raises UnknownStylist, UnknownLocation."""
    await _name(unit, of, subject_id)
    return _link(unit, of, subject_id, await stored.version(unit, of, subject_id), settings)


async def renew(unit: Unit, actor: Actor, of: FeedOf, subject_id: str, settings: Settings) -> CalendarLink:
    """A new address; every older one is refused from now on. Raises UnknownStylist, UnknownLocation."""
    await _name(unit, of, subject_id)
    version = await stored.renew(unit, of, subject_id)
    await record(unit, actor, "calendar.renewed", subject_id)
    return _link(unit, of, subject_id, version, settings)


async def calendar(
    unit: Unit, of: FeedOf, subject_id: str, version: str, signature: str, settings: Settings
) -> bytes:
    """What a link shows, as an iCalendar text. Raises LinkRefused, UnknownStylist, UnknownLocation."""
    name = await _name(unit, of, subject_id)
    current = await stored.version(unit, of, subject_id)
    feeds.check(settings, unit.business_id, of, subject_id, version, signature, current=current)
    events = await _events(unit, of, subject_id, settings)
    return await asyncio.to_thread(ics.feed, name, events)


async def _name(unit: Unit, of: FeedOf, subject_id: str) -> str:
    """Of who or what is shown. Raises UnknownStylist, UnknownLocation."""
    if of is FeedOf.STAFF:
        return (await salon.stylist(unit, subject_id)).name
    return (await salon.location(unit, subject_id)).name


async def _events(unit: Unit, of: FeedOf, subject_id: str, settings: Settings) -> list[CalendarEvent]:
    stylist_id = subject_id if of is FeedOf.STAFF else None
    location_id = subject_id if stylist_id is None else (await salon.stylist(unit, subject_id)).location_id
    place = (await setup.locations_by_id(unit, [location_id]))[location_id]
    today = datetime.combine(clock.now().date(), time(), UTC)
    rows = await appointments.of_calendar(unit, location_id, today - BEFORE, today + AHEAD, stylist_id)
    if stylist_id is None:
        return [entry(row, place, settings) for row in rows]
    return [entry_of_stylist(row, place, settings, stylist_id) for row in rows]


def _link(unit: Unit, of: FeedOf, subject_id: str, version: int, settings: Settings) -> CalendarLink:
    path = feeds.path(settings, unit.business_id, of, subject_id, version)
    return CalendarLink(settings.public_url + path, version)
