"""The page on which a shared look is booked: what it costs and why, the next free times, and holding one of them.

It works without a script. Whoever takes a time is led to the page of her appointment, on which she says who she is.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.cookies import refuse_foreign_form
from api.given import GivenAddress, GivenRuntime
from api.limits import PublicDoor
from api.once import new_key, once
from api.pages.language import chosen
from api.pages.render import page
from kit.db.unit import Unit
from kit.errors import AppError
from kit.runtime import Runtime
from modules.booking import again
from modules.booking.errors import OffTheGrid
from modules.booking.pages.picker import moment_of
from modules.booking.pages.values import REFUSED, said_no
from modules.catalog.search.service import Search
from modules.catalog.shelf import Shelf
from modules.share import booking, opening
from modules.share.booking import Wish
from modules.share.errors import UnknownShare
from modules.share.pages import values as shared
from modules.share.pages.booking import values
from modules.share.pages.routes import say_sorry

AnyRequest = Request[Any, Any, Any]
GivenShelf = NamedDependency[Shelf]
GivenSearch = NamedDependency[Search]


@get("/{token:str}/book")
async def show_booking(
    token: FromPath[str], request: AnyRequest, runtime: GivenRuntime, shelf: GivenShelf, search: GivenSearch
) -> Response[str]:
    """What the look costs and when it can be; where that cannot be said, how to reach the salon."""
    wish = values.wish_of(request.query_params)
    return await _page(token, request, runtime, shelf, search, wish)


@post("/{token:str}/book", status_code=303)
async def hold_time(
    token: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    search: GivenSearch,
    address: GivenAddress,
) -> Response[Any]:
    """Hold a time for a while; sent twice, it is held once. A time that was taken meanwhile shows those near it."""
    refuse_foreign_form(request)
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    door: PublicDoor = request.app.state.public_door
    await door.admit(address, business_id)
    async with runtime.db.tenant(business_id) as unit:
        await opening.opened(unit, share_id)  # an ended link says so whatever the form says
    form = await request.form()
    wish, at = values.wish_of(form), moment_of(chosen_time := str(form.get("starts_at", "")))

    async def work(unit: Unit) -> str:
        opened = await opening.opened(unit, share_id)
        designs = await shared.designs(unit, shelf, opened)
        if designs is None:
            raise UnknownShare
        if at is None:
            raise OffTheGrid
        return await booking.hold(unit, shelf, opened, designs, wish, at, runtime.settings)

    try:
        key = str(form.get("key", ""))
        return Redirect(await once(runtime, business_id, share_id, key, chosen_time, work), status_code=303)
    except tuple(REFUSED) as error:
        return await _page(token, request, runtime, shelf, search, wish, refused=error)
    except again.GONE:
        return Redirect(f"/s/{token}/book", status_code=303)


async def _page(
    token: str,
    request: AnyRequest,
    runtime: Runtime,
    shelf: Shelf,
    search: Search,
    wish: Wish,
    *,
    refused: AppError | None = None,
) -> Response[str]:
    language = chosen(request.headers.get("accept-language", ""))
    business_id, share_id = await opening.business_of(runtime.db, runtime.settings, token)
    async with runtime.db.tenant(business_id) as unit:
        opened = await opening.opened(unit, share_id)
        said = await shared.common(unit, shelf, opened, runtime.settings)
        said |= await shared.reach(unit, opened)
        designs = await shared.designs(unit, shelf, opened)
        found = await booking.offered(unit, shelf, search, opened, designs, wish)
    if found is None:
        return page("contact", language, said)
    said |= values.offer(found, wish, said["path"], language)
    said |= {"key": new_key(), "problem": ""}
    if refused is not None:
        said |= said_no(refused, found.place.zone, language)
    return page("book", language, said, status=200 if refused is None else refused.status)


router = Router(
    path="/s",
    route_handlers=[show_booking, hold_time],
    include_in_schema=False,
    opt={"exclude_from_auth": True},
    exception_handlers={AppError: say_sorry},
)
