"""Appointments over HTTP for whoever holds the link that came with the confirmation."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from api.given import GivenRuntime
from api.problems import fails
from kit.signing import LinkExpired, LinkRefused
from kit.versions import VersionStale
from modules.accounts.errors import UnknownBusiness
from modules.booking import cancel, guests, move, service, views
from modules.booking.errors import (
    BadLook,
    BookingEnded,
    FeeDue,
    ForTheDesk,
    HoldOver,
    NotBookable,
    OffTheGrid,
    OutsideWindow,
    SlotTaken,
    TooClose,
    UnknownBooking,
    UnknownLocation,
    UnknownService,
    UnknownStylist,
)
from modules.booking.wire import (
    Booking,
    CancelRequest,
    MoveRequest,
)
from modules.catalog.shelf import Shelf

GivenShelf = NamedDependency[Shelf]
TIMED = (OffTheGrid, OutsideWindow, SlotTaken, UnknownLocation, UnknownStylist)
LINKED = (UnknownBusiness, LinkExpired, LinkRefused, UnknownBooking)
Signed = FromQuery[str]


@get("/manage/{appointment_id:str}", exclude_from_auth=True, opt=fails(*LINKED))
async def get_managed(
    appointment_id: FromPath[str],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Booking:
    """The appointment that a manage link leads to; whoever holds the link may move and cancel it."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    async with runtime.db.tenant(business) as unit:
        row = await service.find(unit, caller, appointment_id)
        return await views.booking(unit, row, runtime.settings)


@post(
    "/manage/{appointment_id:str}/confirm",
    exclude_from_auth=True,
    status_code=200,
    opt=fails(*LINKED, BookingEnded, HoldOver),
)
async def confirm_managed(
    appointment_id: FromPath[str],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Booking:
    """Take the time that is held, by the manage link."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    async with runtime.db.tenant(business) as unit:
        row = await service.confirm(unit, caller, appointment_id, settings=runtime.settings)
        return await views.booking(unit, row, runtime.settings)


@post(
    "/manage/{appointment_id:str}/move",
    exclude_from_auth=True,
    status_code=200,
    opt=fails(
        *LINKED, *TIMED, BadLook, BookingEnded, FeeDue, NotBookable, TooClose, UnknownService, VersionStale
    ),
)
async def move_managed(
    appointment_id: FromPath[str],
    data: JSONBody[MoveRequest],
    shelf: GivenShelf,
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Booking:
    """Another time, by the manage link."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    async with runtime.db.tenant(business) as unit:
        row = await move.move(unit, caller, shelf, appointment_id, data, None, settings=runtime.settings)
        return await views.booking(unit, row, runtime.settings)


@post(
    "/manage/{appointment_id:str}/cancel",
    exclude_from_auth=True,
    status_code=200,
    opt=fails(*LINKED, BookingEnded, FeeDue, ForTheDesk, VersionStale),
)
async def cancel_managed(
    appointment_id: FromPath[str],
    data: JSONBody[CancelRequest],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Booking:
    """Call it off, by the manage link."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    async with runtime.db.tenant(business) as unit:
        row = await cancel.cancel(unit, caller, appointment_id, data, settings=runtime.settings)
        return await views.booking(unit, row, runtime.settings)


router = Router(
    path="/v1", route_handlers=[get_managed, confirm_managed, move_managed, cancel_managed], tags=["booking"]
)
