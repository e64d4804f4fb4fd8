"""Booking a shared look: what it costs somebody whom nobody knows yet, when it can be, and holding a time for her."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from kit import clock
from kit.db.unit import Unit
from kit.ids import new_id
from kit.settings import Settings
from looks.layer import Hair, NailArt, NailPolish
from modules.accounts.caller import LIVE_CUSTOMER, TEST_CUSTOMER, Caller, is_test
from modules.booking import again, availability, book, guests, holds, quoting
from modules.booking import links as booked
from modules.booking.errors import HairUnknown, UnknownLocation
from modules.booking.hair import HairHistory, HairNow
from modules.booking.pages.picker import reach
from modules.booking.plan import Wanted
from modules.booking.quote import Wishes, Worn
from modules.booking.quote_wire import Quote, QuoteRequest
from modules.booking.setup import service as salon
from modules.booking.setup.wire import Location
from modules.booking.store import setup
from modules.booking.wire import BookingRequest
from modules.catalog.search.service import Search
from modules.catalog.shelf import Design, Shelf
from modules.customers import service as customers
from modules.share.offer import choice
from modules.share.opening import Opened


class Wish(Struct, frozen=True, omit_defaults=True):
    """What somebody said on the page, as links and forms carry it. place: a location; since: the first day shown."""

    place: Annotated[str, Meta(max_length=64)] = ""
    wearing: Worn = Worn.NOTHING
    level: Annotated[int, Meta(ge=1, le=10)] | None = None
    history: HairHistory = HairHistory.NATURAL
    since: date | None = None

    @property
    def wishes(self) -> Wishes:
        hair = None if self.level is None else HairNow(self.level, self.history)
        return Wishes(wearing=self.wearing, hair=hair)


class Offer(Struct, frozen=True):
    """What the page offers. quote: None while the hair is not described; times: in their order."""

    places: tuple[Location, ...]
    place: Location
    of_nails: bool
    of_hair: bool
    quote: Quote | None
    times: tuple[datetime, ...]


async def offered(
    unit: Unit, shelf: Shelf, search: Search, opened: Opened, designs: Sequence[Design] | None, wish: Wish
) -> Offer | None:
    """What somebody who follows the link may book; None where that takes a word with the salon."""
    places = await _places(unit)
    if designs is None or not places:
        return None
    place = next((place for place in places if place.id == wish.place), places[0])
    somebody = guests.guest(opened.business_id, new_id(_kind(opened)))
    try:
        quote, times = await _quoted(unit, somebody, shelf, search, opened, designs, wish, place)
    except HairUnknown:
        quote, times = None, ()
    except again.GONE:
        return None
    return Offer(
        places=places,
        place=place,
        of_nails=any(isinstance(design.layer, NailPolish | NailArt) for design in designs),
        of_hair=any(isinstance(design.layer, Hair) for design in designs),
        quote=quote,
        times=times,
    )


async def hold(
    unit: Unit,
    shelf: Shelf,
    opened: Opened,
    designs: Sequence[Design],
    wish: Wish,
    at: datetime,
    settings: Settings,
) -> str:
    """Hold a time for a new customer of the link; returns the path of her appointment's page, on which she takes it.

    Raises as booking's `book`, and Busy.
    """
    places = await _places(unit)
    if not places:
        raise UnknownLocation
    place = next((place for place in places if place.id == wish.place), places[0])
    await salon.location(unit, place.id, lock=True)
    await holds.refuse_crowd(unit, place.id)
    customer_id = await customers.create(unit, test=is_test(opened.share.customer_id), source=opened.share.id)
    caller = guests.guest(opened.business_id, customer_id)
    asked = BookingRequest(
        location_id=place.id,
        starts_at=at,
        designs=choice(designs, opened.tryon, opened.share.look).designs,
        wishes=wish.wishes,
        hold=True,
    )
    made = await book.book(unit, caller, shelf, asked, settings=settings)
    return booked.page_path(opened.business_id, made.id, made.created_at or clock.now(), settings)


async def _quoted(
    unit: Unit,
    somebody: Caller,
    shelf: Shelf,
    search: Search,
    opened: Opened,
    designs: Sequence[Design],
    wish: Wish,
    place: Location,
) -> tuple[Quote, tuple[datetime, ...]]:
    chosen = choice(designs, opened.tryon, opened.share.look).designs
    asked = QuoteRequest(designs=chosen, wishes=wish.wishes)
    quote = await quoting.quote(unit, somebody, shelf, search, asked)
    wanted = Wanted(designs=chosen, wishes=wish.wishes)
    first, last = reach(wish.since, place.zone)
    found = await availability.free_slots(unit, somebody, shelf, place.id, first, last, wanted)
    return quote, tuple(slot.starts_at for slot in found.items)


async def _places(unit: Unit) -> tuple[Location, ...]:
    """Where somebody works."""
    staffed = {stylist.location_id for stylist in await setup.every_stylist(unit)}
    return tuple(place for place in await setup.every_location(unit) if place.id in staffed)


def _kind(opened: Opened) -> str:
    """What a test key shared is booked in the world of test keys."""
    return TEST_CUSTOMER if is_test(opened.share.customer_id) else LIVE_CUSTOMER
