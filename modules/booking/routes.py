"""Slots, quotes and appointments over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from api.versions import IfMatch, expected, tagged
from kit.errors import FieldError, Invalid
from kit.versions import VersionMissing, VersionStale
from looks.shape import NailShape
from modules.accounts.errors import UnknownBusiness
from modules.accounts.scopes import Scope
from modules.booking import availability, book, cancel, move, quoting, service, views
from modules.booking.errors import (
    BadLook,
    BookingEnded,
    FeeDue,
    ForTheDesk,
    HairUnknown,
    HoldOver,
    LookChanged,
    NoRoomForAll,
    NotBookable,
    NotOver,
    OffTheGrid,
    OutsideWindow,
    RangeTooLong,
    SlotTaken,
    TooClose,
    UnknownBooking,
    UnknownLocation,
    UnknownService,
    UnknownStylist,
)
from modules.booking.hair import HairHistory, HairNow
from modules.booking.plan import Wanted
from modules.booking.quote import Wishes, Worn
from modules.booking.quote_wire import Quote, QuoteRequest
from modules.booking.wire import (
    Booking,
    BookingPage,
    BookingRequest,
    CancelRequest,
    FreeSlots,
    MoveRequest,
)
from modules.catalog.errors import DesignNotFound
from modules.catalog.search.service import Search
from modules.catalog.shelf import Shelf
from modules.customers.errors import UnknownCustomer
from modules.tryon.errors import UnknownTryOn

READ, WRITE = [may(Scope.BOOKING_READ)], [may(Scope.BOOKING_WRITE)]
DESK = [may(Scope.SCHEDULE_WRITE)]
GivenShelf = NamedDependency[Shelf]
Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Day = Annotated[
    str | None,
    QueryParameter(
        pattern=r"^\d{4}-\d{2}-\d{2}$", format="date", description="A date on the clock of `location_id`."
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Ids = Annotated[
    list[str] | None, QueryParameter(description="In the order in which they are done.", max_items=6)
]
PLANNED = (BadLook, HairUnknown, LookChanged, NotBookable, UnknownService, UnknownTryOn)
TIMED = (OffTheGrid, OutsideWindow, SlotTaken, UnknownLocation, UnknownStylist)


@get("/slots", guards=READ, opt=fails(*PLANNED, OffTheGrid, RangeTooLong, UnknownLocation, UnknownStylist))
async def list_slots(
    location_id: FromQuery[str],
    first: Annotated[
        datetime, QueryParameter(name="from", format="date-time", description="From this moment on.")
    ],
    last: Annotated[
        datetime, QueryParameter(name="until", format="date-time", description="Before this moment.")
    ],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    services: Ids = None,
    designs: Annotated[list[str] | None, QueryParameter(description="On all fingers.", max_items=12)] = None,
    tryon_id: FromQuery[str | None] = None,
    look: Annotated[int, QueryParameter(ge=0, le=11)] = 0,
    shape: FromQuery[NailShape | None] = None,
    length: Annotated[
        float | None,
        QueryParameter(ge=0.8, le=2.5, description="Relative to the natural nail, as a layer's."),
    ] = None,
    coats: Annotated[int | None, QueryParameter(ge=1, le=4)] = None,
    wearing: FromQuery[Worn] = Worn.NOTHING,
    hair_level: Annotated[int | None, QueryParameter(ge=1, le=10)] = None,
    hair_history: FromQuery[HairHistory] = HairHistory.NATURAL,
    patch_tested: FromQuery[bool] = False,
    stylist_id: FromQuery[str | None] = None,
) -> FreeSlots:
    """When services, designs or a look of a try-on can begin; at most 62 days at a time.

    With the wishes of a quote (`shape`, `length`, `coats`, `wearing`, hair) its minutes are those of the quote.

    Of what takes several appointments, when the first session can; where a patch test is due, late enough for it.
    """
    hair = None if hair_level is None else HairNow(hair_level, hair_history)
    wishes = Wishes(
        shape=shape, length=length, coats=coats, wearing=wearing, hair=hair, patch_tested=patch_tested
    )
    wanted = Wanted(
        services=tuple(services or ()),
        designs=tuple(designs or ()),
        tryon_id=tryon_id,
        look=look,
        wishes=wishes,
    )
    return await availability.free_slots(unit, caller, shelf, location_id, first, last, wanted, stylist_id)


@post("/quotes", guards=READ, status_code=200, opt=fails(*PLANNED, DesignNotFound))
async def quote_look(
    data: JSONBody[QuoteRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    search: NamedDependency[Search],
) -> Quote:
    """What a look costs and takes, with a line for each reason, and what of it is in stock."""
    return await quoting.quote(unit, caller, shelf, search, data)


@post(
    "/bookings",
    guards=WRITE,
    status_code=201,
    opt=fails(*PLANNED, *TIMED, ForTheDesk, NoRoomForAll, UnknownBusiness, UnknownCustomer),
)
async def create_booking(
    data: JSONBody[BookingRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
) -> Response[Booking]:
    """Book services, or what a try-on shows, with all the appointments that it takes: all of them or none.

    A time that is taken answers 409 `slot_taken` with `alternatives`, the nearest that are free.
    """
    made = await book.book(unit, caller, shelf, data, settings=runtime.settings)
    return tagged(await views.booking(unit, made, runtime.settings), made.row_version, 201)


def _date(text: str) -> date:
    """A calendar's date. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(errors=(FieldError("day", "No calendar has this date."),)) from error


@get("/bookings", guards=READ, opt=fails(UnknownLocation))
async def list_bookings(
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
    location_id: FromQuery[str | None] = None,
    day: Day = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BookingPage:
    """The caller's appointments, newest first; with `location_id` and `day` those of a day, in the order of time."""
    if day is not None:
        rows, next_cursor = await service.of_day(unit, caller, location_id or "", _date(day)), None
    else:
        rows, next_cursor = await service.page(unit, caller, location_id, cursor, limit)
    return BookingPage(await views.bookings(unit, rows, runtime.settings), next_cursor)


@get("/bookings/{booking_id:str}", guards=READ, opt=fails(UnknownBooking))
async def get_booking(
    booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Response[Booking]:
    """An appointment; its version is its ETag."""
    row = await service.find(unit, caller, booking_id)
    return tagged(await views.booking(unit, row, runtime.settings), row.row_version)


@post(
    "/bookings/{booking_id:str}/confirm",
    guards=WRITE,
    status_code=200,
    opt=fails(BookingEnded, HoldOver, UnknownBooking, UnknownBusiness),
)
async def confirm_booking(
    booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Booking:
    """Take a time that is held; confirming again changes nothing."""
    row = await service.confirm(unit, caller, booking_id, settings=runtime.settings)
    return await views.booking(unit, row, runtime.settings)


@post(
    "/bookings/{booking_id:str}/move",
    guards=WRITE,
    status_code=200,
    opt=fails(
        *TIMED, BadLook, BookingEnded, FeeDue, NotBookable, TooClose, UnknownBooking, UnknownBusiness, UnknownService,
        VersionMissing, VersionStale,
    ),
)  # fmt: skip
async def move_booking(
    booking_id: FromPath[str],
    data: JSONBody[MoveRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
    if_match: IfMatch = None,
) -> Response[Booking]:
    """Another time for the same appointment. The old time stays hers until the new one is.

    One of a treatment keeps its distance from the others, else 409 `too_close` with `alternatives`.
    """
    version = expected(if_match)
    row = await move.move(unit, caller, shelf, booking_id, data, version, settings=runtime.settings)
    return tagged(await views.booking(unit, row, runtime.settings), row.row_version)


@post(
    "/bookings/{booking_id:str}/cancel",
    guards=WRITE,
    status_code=200,
    opt=fails(BookingEnded, FeeDue, ForTheDesk, UnknownBooking, UnknownBusiness, VersionStale),
)
async def cancel_booking(
    booking_id: FromPath[str],
    data: JSONBody[CancelRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
) -> Booking:
    """Call an appointment off, or give a held time back; its time is free at once.

    What follows it of its series stands, as `series` shows, unless `following` calls it off too.
    """
    row = await cancel.cancel(unit, caller, booking_id, data, settings=runtime.settings)
    return await views.booking(unit, row, runtime.settings)


@post(
    "/bookings/{booking_id:str}/no-show",
    guards=DESK,
    status_code=200,
    opt=fails(BookingEnded, NotOver, UnknownBooking),
)
async def note_no_show(
    booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Booking:
    """She did not come; what is left of the time is free, and the policy says what it costs."""
    row = await service.no_show(unit, caller, booking_id)
    return await views.booking(unit, row, runtime.settings)


@post(
    "/bookings/{booking_id:str}/done",
    guards=DESK,
    status_code=200,
    opt=fails(BookingEnded, NotOver, UnknownBooking),
)
async def note_done(
    booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Booking:
    """She was served."""
    row = await service.done(unit, caller, booking_id)
    return await views.booking(unit, row, runtime.settings)


router = Router(
    path="/v1",
    route_handlers=[
        list_slots,
        quote_look,
        create_booking,
        list_bookings,
        get_booking,
        confirm_booking,
        move_booking,
        cancel_booking,
        note_no_show,
        note_done,
    ],
    tags=["booking"],
)
