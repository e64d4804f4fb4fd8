"""Kiosks over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.given import GivenAddress, GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.idempotency import SECRET
from api.problems import fails
from kit.throttle import TooManyAttempts
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope
from modules.kiosks import service
from modules.kiosks.errors import UnknownKiosk, WrongCode
from modules.kiosks.wire import Code, KioskPage, PairedKiosk, Pairing, PairingRequest


@post("/kiosks", guards=[may(Scope.KIOSK_WRITE)], status_code=201, opt=SECRET)
async def start_pairing(
    data: JSONBody[PairingRequest], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Pairing:
    """Add a kiosk; type the code at the device within ten minutes."""
    return await service.start_pairing(unit, caller, data.name, secret=runtime.settings.secret)


@post(
    "/kiosks/pair",
    status_code=201,
    exclude_from_auth=True,
    opt=fails(BusinessSuspended, TooManyAttempts, WrongCode),
)
async def pair_kiosk(data: JSONBody[Code], runtime: GivenRuntime, address: GivenAddress) -> PairedKiosk:
    """Exchange a code for the kiosk's own credential, shown this once. Wrong codes make the address wait."""
    return await service.pair(runtime, data.code, address)


@get("/kiosks", guards=[may(Scope.KIOSK_WRITE)])
async def list_kiosks(
    unit: GivenUnit,
    cursor: Annotated[str | None, QueryParameter(max_length=40)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> KioskPage:
    """The business's kiosks, newest first, and when each was last used."""
    return await service.page(unit, cursor, limit)


@delete("/kiosks/{kiosk_id:str}", guards=[may(Scope.KIOSK_WRITE)], opt=fails(UnknownKiosk))
async def revoke_kiosk(kiosk_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """End a kiosk's credential at once."""
    await service.revoke(unit, caller, kiosk_id)


router = Router(
    path="/v1", route_handlers=[start_pairing, pair_kiosk, list_kiosks, revoke_kiosk], tags=["kiosks"]
)
