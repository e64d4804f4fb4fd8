"""Appointments as the API takes and shows them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kit.clock import Moment
from kit.money import Price
from modules.booking.quote import Line, Wishes
from modules.tryon.wire import DesignChoice

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ServiceIds = Annotated[tuple[Id, ...], Meta(max_length=6)]
Designs = Annotated[tuple[str | DesignChoice, ...], Meta(max_length=12)]
Note = Annotated[str, Meta(max_length=500)]


class BookingStatus(StrEnum):
    """held: kept for a while for who is about to confirm; lapsed: she did not."""

    HELD = "held"
    BOOKED = "booked"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    LAPSED = "lapsed"


OPEN = (BookingStatus.HELD, BookingStatus.BOOKED)
"""What takes somebody's time."""


class Source(StrEnum):
    CUSTOMER = "customer"
    DESK = "desk"
    WALK_IN = "walk_in"
    WAITLIST = "waitlist"


class VisitPurpose(StrEnum):
    """session: one of several that a look takes."""

    VISIT = "visit"
    PATCH_TEST = "patch_test"
    SESSION = "session"


_CONTROL = r"\x00-\x1f\x7f"
_WORD = rf"[^@\s{_CONTROL}]+"


class BookingContact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the confirmation and the reminder go. language: a tag such as `de`."""

    name: Annotated[str, Meta(pattern=rf"^[^{_CONTROL}]+$", min_length=1, max_length=80)]
    email: Annotated[str, Meta(pattern=rf"^{_WORD}@{_WORD}\.{_WORD}$", max_length=254)] | None = None
    phone: Annotated[str, Meta(pattern=r"^\+?[0-9 ()/-]{5,24}$", max_length=24)] | None = None
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", max_length=5)] | None = None


class Repeat(Struct, frozen=True, forbid_unknown_fields=True):
    """The same again, at the same reading of the clock: so many appointments in all, all of them or none."""

    every_weeks: Annotated[int, Meta(ge=1, le=26)]
    times: Annotated[int, Meta(ge=2, le=26)]


class BookingRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to book: services in their order, designs, or what a look of a try-on shows.

    stylist_id: whom she asks for, null for anybody; hold: keep the time for a while, to be confirmed; walk_in: she
    stands at the desk, at whatever minute; customer_id: for whom, where the caller is no visitor.
    """

    location_id: Id
    starts_at: Moment
    services: ServiceIds = ()
    designs: Designs = ()
    tryon_id: Id | None = None
    look: Annotated[int, Meta(ge=0, le=11)] = 0
    wishes: Wishes = Wishes()
    stylist_id: Id | None = None
    customer_id: Id | None = None
    contact: BookingContact | None = None
    note: Note = ""
    hold: bool = False
    walk_in: bool = False
    repeat: Repeat | None = None


class MoveRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another time. stylist_id: null for whoever is free; accept_fee: she knows what it costs at this hour."""

    starts_at: Moment
    stylist_id: Id | None = None
    accept_fee: bool = False


class CancelRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """accept_fee: she knows what it costs at this hour; waive_fee: the salon asks for nothing.

    following: call off what follows it of its series as well; else that stands, as `series` of the answer shows.
    """

    accept_fee: bool = False
    waive_fee: bool = False
    following: bool = False


class LegView(Struct, frozen=True):
    """One service of an appointment: by whom, from when to when."""

    service_id: str
    name: str
    stylist_id: str
    stylist: str
    starts_at: Moment
    ends_at: Moment


class SeriesMember(Struct, frozen=True):
    """One of the appointments that belong together."""

    id: str
    purpose: VisitPurpose
    status: BookingStatus
    starts_at: Moment


class Booking(Struct, frozen=True, kw_only=True):
    """An appointment. zone: the clock of the place; sequence: raised by each change of time, as calendars count it.

    free_until: until then a change costs nothing; fee: what a change costs now, or what it cost; hold_until: until then
    it waits to be confirmed; links.manage: with it she moves or cancels without an account.
    """

    id: str
    customer_id: str
    location_id: str
    location: str
    zone: str
    status: BookingStatus
    source: Source
    purpose: VisitPurpose
    starts_at: Moment
    ends_at: Moment
    minutes: int
    services: tuple[LegView, ...]
    price: Price
    quote: tuple[Line, ...]
    fee: Price
    free_until: Moment
    hold_until: Moment | None
    tryon_id: str | None
    series: tuple[SeriesMember, ...]
    contact: BookingContact | None
    note: str
    test: bool
    sequence: int
    version: int
    created_at: Moment
    links: dict[str, str]


class BookingPage(Struct, frozen=True):
    """Of one day in the order of time, else newest first."""

    items: tuple[Booking, ...]
    next_cursor: str | None = None


class FreeSlot(Struct, frozen=True):
    """When it can begin, and who of the team could do all of it; nobody where it takes several."""

    starts_at: Moment
    ends_at: Moment
    stylists: tuple[str, ...]


class FreeSlots(Struct, frozen=True, kw_only=True):
    """Slots in the order of time, on one page. minutes: the customer's own."""

    location_id: str
    zone: str
    minutes: int
    items: tuple[FreeSlot, ...]
    next_cursor: str | None = None


class WaitRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let me know when a time between these two becomes free."""

    location_id: Id
    services: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=6)]
    earliest: Moment
    latest: Moment
    stylist_id: Id | None = None
    customer_id: Id | None = None
    contact: BookingContact | None = None


class WaitStatus(StrEnum):
    """offered: an appointment is held for her; over: no time came free."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    OVER = "over"


class Waiting(Struct, frozen=True, kw_only=True):
    """A place on the waiting list. booking_id: what is held for her while it is offered: confirm it to take it."""

    id: str
    customer_id: str
    location_id: str
    status: WaitStatus
    services: tuple[str, ...]
    stylist_id: str | None
    earliest: Moment
    latest: Moment
    booking_id: str | None
    created_at: Moment


class WaitingPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Waiting, ...]
    next_cursor: str | None = None
