"""The page behind the manage link of a letter: her appointment, and what she may do with it, without an account.

It works without a script. What is changed answers with a redirect to the page, which shows what is true then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.given import GivenRuntime
from api.pages.language import chosen
from api.pages.render import WORDS, page
from api.problems import handle_app_error
from kit.errors import AppError
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.booking import cancel, guests, move, service, views
from modules.booking.errors import OffTheGrid
from modules.booking.pages import values
from modules.booking.wire import CancelRequest, MoveRequest
from modules.catalog.shelf import Shelf

AnyRequest = Request[Any, Any, Any]
GivenShelf = NamedDependency[Shelf]
Signed = FromQuery[str]


class Link:
    """A manage link that was followed: whose appointment it is, and the page's own address."""

    def __init__(self, caller: Caller, appointment_id: str, query: dict[str, str]) -> None:
        self.caller, self.appointment_id = caller, appointment_id
        self.path, self.query = f"/m/{appointment_id}", urlencode(query)

    def back(self) -> Redirect:
        return Redirect(f"{self.path}?{self.query}", status_code=303)


@get("/{appointment_id:str}")
async def show_visit(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[str]:
    """Her appointment as it stands."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    return await _page(request, runtime, shelf, link)


@post("/{appointment_id:str}/confirm", status_code=303)
async def confirm_visit(
    appointment_id: FromPath[str],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Redirect:
    """Take the time that is held."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    async with runtime.db.tenant(business) as unit:
        await service.confirm(unit, link.caller, appointment_id, settings=runtime.settings)
    return link.back()


@post("/{appointment_id:str}/move", status_code=303)
async def move_visit(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Redirect:
    """Another time; what it costs stood above the button."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    asked = MoveRequest(starts_at=_moment(await request.form()), accept_fee=True)
    async with runtime.db.tenant(business) as unit:
        await move.move(unit, link.caller, shelf, appointment_id, asked, None, settings=runtime.settings)
    return link.back()


@post("/{appointment_id:str}/cancel", status_code=303)
async def cancel_visit(
    appointment_id: FromPath[str],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Redirect:
    """Call it off; what it costs stood above the button."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    async with runtime.db.tenant(business) as unit:
        asked = CancelRequest(accept_fee=True)
        await cancel.cancel(unit, link.caller, appointment_id, asked, settings=runtime.settings)
    return link.back()


async def _followed(
    runtime: Runtime, appointment_id: str, business: str, expires: str, signature: str
) -> Link:
    """Raises LinkRefused, LinkExpired, UnknownBooking."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    query = {"business": business, "expires": expires, "signature": signature}
    return Link(caller, appointment_id, query)


async def _page(request: AnyRequest, runtime: Runtime, shelf: Shelf, link: Link) -> Response[str]:
    language = _language(request)
    async with runtime.db.tenant(link.caller.business_id) as unit:
        row = await service.find(unit, link.caller, link.appointment_id)
        view = await views.booking(unit, row, runtime.settings)
        said = await values.visit(unit, shelf, row, view, language)
    return page("visit", language, {**said, "path": link.path, "query": link.query})


def _moment(form: Any) -> datetime:
    """Raises OffTheGrid."""
    try:
        return datetime.fromisoformat(str(form.get("starts_at", "")))
    except ValueError:
        raise OffTheGrid from None


def _language(request: AnyRequest) -> str:
    return chosen(request.headers.get("accept-language", ""))


def say_sorry(request: AnyRequest, error: AppError) -> Response[Any]:
    """An error as a page, with the status that its problem document would have."""
    handle_app_error(request, error)  # logs it
    language = _language(request)
    said = {"heading": WORDS[language]["sorry_title"], "words": error.public}
    return page("sorry", language, said, status=error.status)


router = Router(
    path="/m",
    route_handlers=[show_visit, confirm_visit, move_visit, cancel_visit],
    include_in_schema=False,
    opt={"exclude_from_auth": True},
    exception_handlers={AppError: say_sorry},
)
