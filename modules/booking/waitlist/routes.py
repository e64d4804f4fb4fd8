"""Places on the waiting list over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from api.given import GivenCaller, GivenUnit
from api.guards import may
from api.problems import fails
from modules.accounts.scopes import Scope
from modules.booking import views, waiting
from modules.booking.errors import (
    BadLook,
    NotBookable,
    OutsideWindow,
    TooManyWaiting,
    UnknownLocation,
    UnknownService,
    UnknownStylist,
    UnknownWaiting,
    WaitingEnded,
)
from modules.booking.wire import (
    Waiting,
    WaitingPage,
    WaitRequest,
)
from modules.catalog.shelf import Shelf
from modules.customers.errors import UnknownCustomer

READ, WRITE = [may(Scope.BOOKING_READ)], [may(Scope.BOOKING_WRITE)]
GivenShelf = NamedDependency[Shelf]
Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@post(
    "/waitlist",
    guards=WRITE,
    status_code=201,
    opt=fails(
        BadLook, NotBookable, OutsideWindow, TooManyWaiting, UnknownCustomer, UnknownLocation, UnknownService,
        UnknownStylist,
    ),
)  # fmt: skip
async def join_waitlist(
    data: JSONBody[WaitRequest], unit: GivenUnit, caller: GivenCaller, shelf: GivenShelf
) -> Waiting:
    """Wait for a time: when one comes free, it is held for who waited longest, and `waitlist.offered` tells."""
    return views.waiting(await waiting.wait(unit, caller, shelf, data))


@get("/waitlist", guards=READ)
async def list_waitlist(
    unit: GivenUnit, caller: GivenCaller, cursor: Cursor = None, limit: Limit = 50
) -> WaitingPage:
    """The caller's places on the waiting list, newest first."""
    rows, next_cursor = await waiting.page(unit, caller, cursor, limit)
    return WaitingPage(tuple(views.waiting(row) for row in rows), next_cursor)


@get("/waitlist/{waiting_id:str}", guards=READ, opt=fails(UnknownWaiting))
async def get_waiting(waiting_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Waiting:
    """A place on the waiting list; `booking_id` is held for her while it is offered."""
    return views.waiting(await waiting.find(unit, caller, waiting_id))


@delete("/waitlist/{waiting_id:str}", guards=WRITE, status_code=200, opt=fails(UnknownWaiting, WaitingEnded))
async def leave_waitlist(waiting_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Waiting:
    """Wait no longer."""
    return views.waiting(await waiting.withdraw(unit, caller, waiting_id))


router = Router(
    path="/v1", route_handlers=[join_waitlist, list_waitlist, get_waiting, leave_waitlist], tags=["booking"]
)
