"""Businesses and their keys over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.given import GivenCaller, GivenUnit
from api.guards import known, may
from api.idempotency import SECRET
from api.problems import fails
from modules.accounts import keys, service
from modules.accounts.errors import (
    BadExpiry,
    BadOrigin,
    KeyRotating,
    ScopeNotHeld,
    UnknownBusiness,
    UnknownKey,
)
from modules.accounts.scopes import Scope
from modules.accounts.wire import Business, BusinessChange, CreatedKey, KeyPage, KeyRequest, KeyRotation, Me

Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@get("/me", guards=[known], tags=["callers"])
async def get_me(caller: GivenCaller) -> Me:
    """Who the credential of this request belongs to, and what it may do."""
    return Me(
        kind=caller.kind,
        business_id=caller.business_id,
        subject=caller.subject,
        scopes=tuple(scope for scope in Scope if scope in caller.scopes),
        test=caller.test,
        role=caller.role,
    )


@get("/business", guards=[may(Scope.BUSINESS_WRITE)], tags=["business"], opt=fails(UnknownBusiness))
async def get_business(unit: GivenUnit) -> Business:
    """The caller's business, its public id, and the origins of pages that may call."""
    return await service.business(unit)


@patch(
    "/business", guards=[may(Scope.BUSINESS_WRITE)], tags=["business"], opt=fails(BadOrigin, UnknownBusiness)
)
async def change_business(data: JSONBody[BusinessChange], unit: GivenUnit, caller: GivenCaller) -> Business:
    """Rename the business, or say from which origins pages may call."""
    return await service.change_business(unit, caller, data)


@post(
    "/keys",
    guards=[may(Scope.KEY_WRITE)],
    status_code=201,
    opt=SECRET | fails(BadExpiry, ScopeNotHeld, UnknownBusiness),
    tags=["keys"],
)
async def create_key(data: JSONBody[KeyRequest], unit: GivenUnit, caller: GivenCaller) -> CreatedKey:
    """Make a server key that may do no more than the caller. Its secret is shown this once."""
    return await keys.create(unit, caller, data)


@get("/keys", guards=[may(Scope.KEY_WRITE)], tags=["keys"])
async def list_keys(unit: GivenUnit, cursor: Cursor = None, limit: Limit = 50) -> KeyPage:
    """The business's keys, newest first, with what each may do and when it was last used."""
    return await keys.page(unit, cursor, limit)


@post(
    "/keys/{key_id:str}/rotate",
    guards=[may(Scope.KEY_WRITE)],
    status_code=201,
    opt=SECRET | fails(KeyRotating, ScopeNotHeld, UnknownBusiness, UnknownKey),
    tags=["keys"],
)
async def rotate_key(
    key_id: FromPath[str], data: JSONBody[KeyRotation], unit: GivenUnit, caller: GivenCaller
) -> CreatedKey:
    """Give a key a successor; both work until the overlap is over, then the old one ends by itself."""
    return await keys.rotate(unit, caller, key_id, timedelta(hours=data.overlap_hours))


@delete("/keys/{key_id:str}", guards=[may(Scope.KEY_WRITE)], tags=["keys"], opt=fails(UnknownKey))
async def revoke_key(key_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """End a key at once."""
    await keys.revoke(unit, caller, key_id)


router = Router(
    path="/v1",
    route_handlers=[get_me, get_business, change_business, create_key, list_keys, rotate_key, revoke_key],
)
