"""Try-ons over HTTP."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Annotated

from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import ServerSentEvent

from api.admission import QueueAdmitted, admit_to_queue
from api.caching import UNCHANGED, answer_picture
from api.given import GivenCaller, GivenGlance, GivenRuntime, GivenUnit
from api.guards import may
from api.prefer import Waiting
from api.problems import fails
from api.streams import State as Shown
from api.streams import follow, streams
from kit.decode.errors import DecodeBusy, PictureUnreadable
from kit.runtime import Runtime
from kit.signing import LinkExpired, LinkRefused
from modules.accounts.caller import Caller
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope
from modules.catalog.errors import UnfitSelection, UnknownDesign, UnrenderableDesign
from modules.catalog.shelf import Shelf
from modules.consent.errors import ConsentMissing
from modules.entitlements.errors import MoreThanThePlan, NotEntitled
from modules.photos.errors import UnknownPhoto
from modules.tryon import links, service, sizes
from modules.tryon.errors import BadChoice, TryOnEnded, UnknownBundle, UnknownPicture, UnknownTryOn
from modules.tryon.smaller import Smaller
from modules.tryon.views import view
from modules.tryon.wire import ErasureReceipt, TryOn, TryOnPage, TryOnRequest

Limit = Annotated[int, QueryParameter(ge=1, le=100)]


async def state_of(runtime: Runtime, caller: Caller, tryon_id: str) -> Shown:
    """A try-on as it is now. Raises UnknownTryOn."""
    row = await service.find(runtime.db.glance(caller.business_id), caller, tryon_id)
    return row.version, row.status.ended, await view(row, runtime)


@post(
    "/tryons",
    guards=[may(Scope.TRYON_WRITE)],
    status_code=202,
    middleware=[DefineMiddleware(Waiting, read=state_of), QueueAdmitted],
    opt=fails(
        BadChoice,
        MoreThanThePlan,
        NotEntitled,
        UnfitSelection,
        UnknownBundle,
        UnknownDesign,
        UnknownPhoto,
        UnrenderableDesign,
        ConsentMissing,
    ),
    before_request=admit_to_queue,
)
async def create_tryon(
    data: JSONBody[TryOnRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: NamedDependency[Shelf],
    runtime: GivenRuntime,
) -> TryOn:
    """Queue up to twelve looks on one photo; follow `links.events`, ask again, or send `Prefer: wait=5`."""
    keep = timedelta(days=runtime.settings.retention.render_days)
    return await view(await service.request(unit, caller, shelf, data, keep=keep), runtime)


@get("/tryons", guards=[may(Scope.TRYON_READ)])
async def list_tryons(
    glance: GivenGlance,
    caller: GivenCaller,
    runtime: GivenRuntime,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 20,
) -> TryOnPage:
    """The caller's try-ons, newest first."""
    rows, next_cursor = await service.page(glance, caller, cursor, limit)
    return TryOnPage(tuple([await view(row, runtime) for row in rows]), next_cursor)


@get("/tryons/{tryon_id:str}", guards=[may(Scope.TRYON_READ)], opt=fails(UnknownTryOn))
async def get_tryon(
    tryon_id: FromPath[str],
    glance: GivenGlance,
    caller: GivenCaller,
    runtime: GivenRuntime,
) -> TryOn:
    """A try-on's state, and its pictures when it is done."""
    return await view(await service.find(glance, caller, tryon_id), runtime)


@get(
    "/tryons/{tryon_id:str}/events",
    guards=[may(Scope.TRYON_READ, or_link=True)],
    opt=streams(TryOn) | fails(LinkExpired, LinkRefused, UnknownTryOn),
)
async def follow_tryon(
    tryon_id: FromPath[str],
    request: Request[Caller, None, State],
    runtime: GivenRuntime,
    expires: FromQuery[str] = "",
    signature: FromQuery[str | None] = None,
) -> ServerSentEvent:
    """Server-sent events: `state` with the whole try-on at each version, `progress` with the step a worker is at.

    `links.events` leads here with a signature of its own and needs no other credential.
    """
    caller = request.user
    if signature is not None:
        caller = await links.follower(runtime.db, runtime.settings, tryon_id, expires, signature)
    await state_of(runtime, caller, tryon_id)
    return follow(runtime, tryon_id, partial(state_of, runtime, caller, tryon_id))


@get(
    "/tryons/{tryon_id:str}/pictures/{picture:str}/{width:str}",
    exclude_from_auth=True,
    responses=UNCHANGED,
    opt=fails(
        BusinessSuspended,
        DecodeBusy,
        LinkExpired,
        LinkRefused,
        PictureUnreadable,
        UnknownPicture,
        UnknownTryOn,
    ),
)
async def get_smaller_picture(
    tryon_id: FromPath[str],
    picture: FromPath[str],
    width: FromPath[str],
    request: Request[None, None, State],
    runtime: GivenRuntime,
    smaller: NamedDependency[Smaller],
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
) -> Response[bytes]:
    """A result's picture at most so wide, when its link is whole and its time not over."""
    sizes.check(tryon_id, picture, width, runtime.settings, expires=expires, signature=signature)
    format = sizes.negotiated(request.headers.get("accept", ""))
    data = await smaller.picture(tryon_id, picture, int(width), format)
    return await answer_picture(
        request, data, f"image/{format}", expires=int(expires), headers={"Vary": "Accept"}
    )


@post(
    "/tryons/{tryon_id:str}/cancel",
    guards=[may(Scope.TRYON_WRITE)],
    status_code=200,
    opt=fails(TryOnEnded, UnknownTryOn),
)
async def cancel_tryon(
    tryon_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
) -> TryOn:
    """Stop a try-on that has not ended."""
    return await view(await service.cancel(unit, caller, tryon_id), runtime)


@delete("/tryons/{tryon_id:str}", guards=[may(Scope.TRYON_WRITE)], status_code=200, opt=fails(UnknownTryOn))
async def erase_tryon(tryon_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> ErasureReceipt:
    """Erase a try-on and its pictures; answers with a receipt."""
    return await service.erase(unit, caller, tryon_id)


router = Router(
    path="/v1",
    route_handlers=[
        create_tryon,
        list_tryons,
        get_tryon,
        follow_tryon,
        get_smaller_picture,
        cancel_tryon,
        erase_tryon,
    ],
    tags=["try-ons"],
)
