"""Erasures and exports over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from kit.errors import Unauthorised
from kit.runtime import Runtime
from kit.signing import LinkExpired, LinkRefused
from modules.accounts.caller import Caller
from modules.accounts.scopes import Scope
from modules.customers.errors import UnknownCustomer
from modules.privacy import links, service
from modules.privacy.errors import NoSuchCustomer, UnknownErasure, UnknownExport
from modules.privacy.wire import Erasure, Export

MAY = may(Scope.PRIVACY_WRITE)


@post("/customers/{customer_id:str}/erasure", guards=[MAY], status_code=202, opt=fails(NoSuchCustomer))
async def erase_customer(
    customer_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Erasure:
    """Erase everything that is kept of a customer. It is done within a minute: `links.self` says when."""
    return service.erasure_view(await service.erase(unit, caller, customer_id), unit, runtime)


@post("/me/erasure", guards=[MAY], status_code=202, opt=fails(NoSuchCustomer, UnknownCustomer))
async def erase_me(unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime) -> Erasure:
    """Erase everything that is kept of the visitor who asks. Her token ends; `links.self` needs none."""
    return service.erasure_view(await service.erase(unit, caller, _own_id(caller)), unit, runtime)


@get(
    "/erasures/{erasure_id:str}",
    guards=[may(Scope.PRIVACY_WRITE, or_link=True)],
    opt=fails(LinkExpired, LinkRefused, UnknownErasure),
)
async def get_erasure(
    erasure_id: FromPath[str],
    request: Request[Caller | None, Any, Any],
    runtime: GivenRuntime,
    business: FromQuery[str] = "",
    expires: FromQuery[str] = "",
    signature: FromQuery[str | None] = None,
) -> Erasure:
    """The receipt of an erasure: how far it is, how many of each kind are gone, and when."""
    if signature is not None:
        links.check(runtime.settings, business, erasure_id, expires, signature)
        return await _read(runtime, business, erasure_id)
    if request.user is None:
        raise Unauthorised
    async with runtime.db.tenant(request.user.business_id) as unit:
        return service.erasure_view(await service.find_erasure(unit, request.user, erasure_id), unit, runtime)


@post("/customers/{customer_id:str}/export", guards=[MAY], status_code=202, opt=fails(NoSuchCustomer))
async def export_customer(
    customer_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Export:
    """Put everything that is kept of a customer into a ZIP, to be fetched for a day."""
    return await _exported(unit, caller, runtime, customer_id)


@post("/me/export", guards=[MAY], status_code=202, opt=fails(NoSuchCustomer, UnknownCustomer))
async def export_me(unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime) -> Export:
    """Put everything that is kept of the visitor who asks into a ZIP, to be fetched for a day."""
    return await _exported(unit, caller, runtime, _own_id(caller))


@get("/exports/{export_id:str}", guards=[MAY], opt=fails(UnknownExport))
async def get_export(
    export_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Export:
    """How far an export is, and where to fetch it."""
    return await service.export_view(await service.find_export(unit, caller, export_id), unit, runtime)


async def _exported(unit: GivenUnit, caller: Caller, runtime: Runtime, customer_id: str) -> Export:
    keep = timedelta(hours=runtime.settings.retention.export_hours)
    row = await service.export(unit, caller, customer_id, keep=keep)
    return await service.export_view(row, unit, runtime)


async def _read(runtime: Runtime, business_id: str, erasure_id: str) -> Erasure:
    async with runtime.db.tenant(business_id) as unit:
        return service.erasure_view(await service.read_erasure(unit, erasure_id), unit, runtime)


def _own_id(caller: Caller) -> str:
    """The visitor herself. Raises UnknownCustomer for other callers, who name whom they mean."""
    if caller.customer_id is None:
        raise UnknownCustomer
    return caller.customer_id


router = Router(
    path="/v1",
    route_handlers=[erase_customer, erase_me, get_erasure, export_customer, export_me, get_export],
    tags=["privacy"],
)
