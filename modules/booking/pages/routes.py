"""The pages behind the manage link of a letter: her appointment, and what she may do with it, without an account.

They work without a script. What is changed answers with a redirect to the page, which shows what is true then.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.given import GivenRuntime
from api.once import new_key, once
from api.pages.language import chosen
from api.pages.render import WORDS, page
from api.problems import handle_app_error
from kit import clock
from kit.db.unit import Unit
from kit.errors import AppError
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.booking import again, cancel, guests, links, move, service, views
from modules.booking.errors import OffTheGrid
from modules.booking.pages import entry, values
from modules.booking.pages.picker import date_of, moment_of
from modules.booking.wire import CancelRequest, MoveRequest
from modules.catalog.shelf import Shelf

AnyRequest = Request[Any, Any, Any]
GivenShelf = NamedDependency[Shelf]
Signed = FromQuery[str]
TYPED = ("name", "email", "phone")


class Link:
    """A manage link that was followed: whose appointment it is, and the page's own address."""

    def __init__(self, caller: Caller, appointment_id: str, query: dict[str, str]) -> None:
        self.caller, self.appointment_id = caller, appointment_id
        self.path, self.query = f"/m/{appointment_id}", urlencode(query)

    @property
    def business_id(self) -> str:
        return self.caller.business_id

    def back(self) -> Redirect:
        return Redirect(f"{self.path}?{self.query}", status_code=303)


@get("/{appointment_id:str}")
async def show_visit(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[str]:
    """Her appointment as it stands."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    return await _page(request, runtime, link)


@get("/{appointment_id:str}/times")
async def show_times(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[str]:
    """When else it could be."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    return await _times(request, runtime, shelf, link)


@get("/{appointment_id:str}/calendar.ics")
async def get_entry(
    appointment_id: FromPath[str],
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[bytes]:
    """The appointment, and what else is booked of its series, to be put into a calendar."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    async with runtime.db.tenant(link.business_id) as unit:
        row = await service.find(unit, link.caller, appointment_id)
        data = await entry.calendar(unit, row, runtime.settings)
    headers = {
        "Content-Disposition": 'attachment; filename="appointment.ics"',
        "Cache-Control": "private, no-store",
    }
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


@post("/{appointment_id:str}/confirm", status_code=303)
async def confirm_visit(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[Any]:
    """Take the time that is held; who has not said so yet says who she is."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    form = await request.form()
    async with runtime.db.tenant(link.business_id) as unit:
        named = (await service.find(unit, link.caller, appointment_id)).contact is not None
    contact, missing = (None, "") if named else values.contact_of(form, _language(request))
    if missing:
        typed = {name: str(form.get(name, ""))[:254] for name in TYPED}
        return await _page(request, runtime, link, missing=missing, typed=typed, status=422)
    async with runtime.db.tenant(link.business_id) as unit:
        await service.confirm(unit, link.caller, appointment_id, contact, settings=runtime.settings)
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
) -> Response[Any]:
    """Another time; what it costs stood above the times. Sent twice, it moves once."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    at = moment_of(str((await request.form()).get("starts_at", "")))
    try:
        if at is None:
            raise OffTheGrid
        async with runtime.db.tenant(link.business_id) as unit:
            if (await service.find(unit, link.caller, appointment_id)).starts_at != at:
                asked = MoveRequest(starts_at=at, accept_fee=True)
                await move.move(
                    unit, link.caller, shelf, appointment_id, asked, None, settings=runtime.settings
                )
    except tuple(values.REFUSED) as error:
        return await _times(request, runtime, shelf, link, refused=error)
    return link.back()


@post("/{appointment_id:str}/again", status_code=303)
async def book_again(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    shelf: GivenShelf,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Response[Any]:
    """The same once more, where this one lapsed, was called off or is over: the page of the new one follows."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    form, settings = await request.form(), runtime.settings
    at = moment_of(chosen_time := str(form.get("starts_at", "")))

    async def work(unit: Unit) -> str:
        if at is None:
            raise OffTheGrid
        made = await again.book_again(unit, link.caller, shelf, appointment_id, at, settings=settings)
        return links.page_path(unit.business_id, made.id, made.created_at or clock.now(), settings)

    key = str(form.get("key", ""))
    try:
        address = await once(runtime, link.business_id, appointment_id, key, chosen_time, work)
    except tuple(values.REFUSED) as error:
        return await _times(request, runtime, shelf, link, refused=error)
    return Redirect(address, status_code=303)


@post("/{appointment_id:str}/cancel", status_code=303)
async def cancel_visit(
    appointment_id: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    business: Signed = "",
    expires: Signed = "",
    signature: Signed = "",
) -> Redirect:
    """Call it off, alone or with what follows it; what it costs stood above the buttons."""
    link = await _followed(runtime, appointment_id, business, expires, signature)
    following = (await request.form()).get("following") == "yes"
    async with runtime.db.tenant(link.business_id) as unit:
        asked = CancelRequest(accept_fee=True, following=following)
        await cancel.cancel(unit, link.caller, appointment_id, asked, settings=runtime.settings)
    return link.back()


async def _followed(
    runtime: Runtime, appointment_id: str, business: str, expires: str, signature: str
) -> Link:
    """Raises LinkRefused, LinkExpired, UnknownBooking."""
    caller = await guests.holder(runtime, business, appointment_id, expires, signature)
    query = {"business": business, "expires": expires, "signature": signature}
    return Link(caller, appointment_id, query)


async def _page(
    request: AnyRequest,
    runtime: Runtime,
    link: Link,
    *,
    missing: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    language = _language(request)
    async with runtime.db.tenant(link.business_id) as unit:
        row = await service.find(unit, link.caller, link.appointment_id)
        view = await views.booking(unit, row, runtime.settings)
        said = await values.visit(unit, row, view, runtime.settings, language)
    own = {"path": link.path, "query": link.query, "missing": missing, "typed": typed or {}}
    return page("visit", language, {**said, **own}, status=status)


async def _times(
    request: AnyRequest, runtime: Runtime, shelf: Shelf, link: Link, *, refused: AppError | None = None
) -> Response[str]:
    language, since = _language(request), date_of(request.query_params.get("since", ""))
    async with runtime.db.tenant(link.business_id) as unit:
        row = await service.find(unit, link.caller, link.appointment_id)
        view = await views.booking(unit, row, runtime.settings)
        said = await values.other_times(unit, link.caller, shelf, row, view, since, language)
        if refused is not None:
            said |= await values.refused(unit, row, refused, language)
    own = {"path": link.path, "query": link.query, "key": new_key()}
    return page("times", language, {**said, **own}, status=200 if refused is None else refused.status)


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
    route_handlers=[
        show_visit,
        show_times,
        get_entry,
        confirm_visit,
        move_visit,
        book_again,
        cancel_visit,
    ],
    include_in_schema=False,
    opt={"exclude_from_auth": True},
    exception_handlers={AppError: say_sorry},
)
