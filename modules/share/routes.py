"""Shares over HTTP, for who makes them; who follows one comes by pages/routes.py."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from modules.accounts.scopes import Scope
from modules.consent.errors import ConsentMissing
from modules.entitlements.errors import MoreThanThePlan, NotEntitled
from modules.share import contact, service
from modules.share.errors import (
    BadContact,
    BadText,
    BeforeNotKept,
    NothingToShare,
    ShareEnded,
    UnknownLook,
    UnknownShare,
)
from modules.share.views import view
from modules.share.wire import SalonContact, SalonContactChange, Share, SharePage, ShareRequest
from modules.tryon.errors import UnknownTryOn

Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@post(
    "/tryons/{tryon_id:str}/shares",
    guards=[may(Scope.TRYON_WRITE)],
    status_code=201,
    opt=fails(
        BadText,
        BeforeNotKept,
        ConsentMissing,
        MoreThanThePlan,
        NotEntitled,
        NothingToShare,
        UnknownLook,
        UnknownTryOn,
    ),
    tags=["shares"],
)
async def create_share(
    tryon_id: FromPath[str],
    data: JSONBody[ShareRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
) -> Share:
    """Share a look by a link that ends: with its time, with its picture, with the consent, or when it is taken back."""
    return view(await service.create(unit, caller, tryon_id, data), runtime.settings)


@get("/shares", guards=[may(Scope.TRYON_READ)], tags=["shares"])
async def list_shares(
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
    tryon_id: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 20,
) -> SharePage:
    """The caller's shares, newest first, with what became of each; of one try-on where it is named."""
    rows, next_cursor = await service.page(unit, caller, tryon_id, cursor, limit)
    return SharePage(tuple(view(row, runtime.settings) for row in rows), next_cursor)


@get("/shares/{share_id:str}", guards=[may(Scope.TRYON_READ)], opt=fails(UnknownShare), tags=["shares"])
async def get_share(
    share_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Share:
    """A share, its link and its counts. Those stay for 30 days after its end."""
    return view(await service.find(unit, caller, share_id), runtime.settings)


@delete(
    "/shares/{share_id:str}",
    guards=[may(Scope.TRYON_WRITE)],
    opt=fails(ShareEnded, UnknownShare),
    tags=["shares"],
)
async def revoke_share(share_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Take a link back: its page says so from the next request on, and its pictures are gone within five seconds."""
    await service.revoke(unit, caller, share_id)


@post(
    "/shares/{share_id:str}/bookings",
    guards=[may(Scope.VISITOR_WRITE)],
    status_code=200,
    opt=fails(UnknownShare),
    tags=["shares"],
)
async def report_booking(
    share_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Share:
    """Tell that an appointment came of a share: its id came to your booking page as `source`."""
    return view(await service.report_booking(unit, caller, share_id), runtime.settings)


@get("/business/contact", guards=[may(Scope.BUSINESS_WRITE)], tags=["business"])
async def get_contact(unit: GivenUnit) -> SalonContact:
    """How customers reach the salon."""
    return await contact.find(unit)


@patch("/business/contact", guards=[may(Scope.BUSINESS_WRITE)], tags=["business"], opt=fails(BadContact))
async def change_contact(
    data: JSONBody[SalonContactChange], unit: GivenUnit, caller: GivenCaller
) -> SalonContact:
    """Say how customers reach the salon; pages of shared looks show it under "book this look"."""
    return await contact.change(unit, caller, data)


router = Router(
    path="/v1",
    route_handlers=[
        create_share,
        list_shares,
        get_share,
        revoke_share,
        report_booking,
        get_contact,
        change_contact,
    ],
)
