"""Messages over HTTP: the log, previews, how a business writes, and the way out for who wants no more."""

from __future__ import annotations

from typing import Annotated

from litestar import MediaType, Response, Router, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from kit.runtime import Runtime
from modules.accounts.errors import UnknownBusiness
from modules.accounts.scopes import Scope
from modules.messaging import links, service
from modules.messaging.errors import BadZone, UnknownMessage
from modules.messaging.kinds import Kind
from modules.messaging.wire import (
    MessageLog,
    MessagePage,
    MessagePreview,
    MessageSettings,
    MessageSettingsChange,
    MessageState,
)
from modules.staff.errors import BadEmail

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Tag = Annotated[str, QueryParameter(max_length=35)]
Id = Annotated[str | None, QueryParameter(max_length=40)]
READ, WRITE = [may(Scope.MESSAGE_READ)], [may(Scope.MESSAGE_WRITE)]
UNSUBSCRIBE = "/unsubscribe/{message_id:str}"


@get("/messages", guards=READ)
async def list_messages(
    unit: GivenUnit,
    status: FromQuery[MessageState | None] = None,
    customer_id: Id = None,
    about: Id = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 20,
) -> MessagePage:
    """What was sent, waits or went wrong, newest first; to whom by id, never by address."""
    rows, next_cursor = await service.page(
        unit, state=status, customer_id=customer_id, about=about, cursor=cursor, limit=limit
    )
    return MessagePage(tuple(rows), next_cursor)


@get("/messages/{message_id:str}", guards=READ, opt=fails(UnknownMessage))
async def get_message(message_id: FromPath[str], unit: GivenUnit) -> MessageLog:
    """A message and every attempt to send it."""
    return await service.read(unit, message_id)


@get("/messages/preview", guards=READ, opt=fails(UnknownBusiness))
async def preview_message(unit: GivenUnit, kind: FromQuery[Kind], language: Tag = "") -> MessagePreview:
    """A message of this kind in this language as the business sends it, about a visit that is made up."""
    return await service.preview(unit, kind, language)


@get("/messages/settings", guards=READ)
async def get_message_settings(unit: GivenUnit) -> MessageSettings:
    """How the business writes: sender, languages, quiet hours."""
    return await service.settings(unit)


@patch("/messages/settings", guards=WRITE, opt=fails(BadEmail, BadZone))
async def change_message_settings(
    data: JSONBody[MessageSettingsChange], unit: GivenUnit, caller: GivenCaller
) -> MessageSettings:
    """Change how the business writes; what waits follows the new quiet hours."""
    return await service.change_settings(unit, caller, data)


@get(UNSUBSCRIBE, exclude_from_auth=True, include_in_schema=False)
async def ask_unsubscribe(
    message_id: FromPath[str],
    runtime: GivenRuntime,
    business: FromQuery[str] = "",
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
) -> Response[str]:
    """A page with one button: whoever only looks at the link, as mail scanners do, changes nothing."""
    links.check(runtime.settings, business, message_id, expires, signature)
    return await _page(runtime, business, message_id, done=False)


@post(UNSUBSCRIBE, exclude_from_auth=True, include_in_schema=False, status_code=200)
async def unsubscribe(
    message_id: FromPath[str],
    runtime: GivenRuntime,
    business: FromQuery[str] = "",
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
) -> Response[str]:
    """No more for this reader: by the page's button, or by her mail client in one click (RFC 8058)."""
    links.check(runtime.settings, business, message_id, expires, signature)
    async with runtime.db.tenant(business) as unit:
        await service.unsubscribe(unit, message_id)
    return await _page(runtime, business, message_id, done=True)


async def _page(runtime: Runtime, business: str, message_id: str, *, done: bool) -> Response[str]:
    async with runtime.db.tenant(business) as unit:
        words = await service.unsubscribe_page(unit, message_id, done=done)
    return Response(words, media_type=MediaType.HTML, headers={"Cache-Control": "no-store"})


router = Router(
    path="/v1",
    route_handlers=[
        list_messages,
        preview_message,
        get_message_settings,
        change_message_settings,
        get_message,
        ask_unsubscribe,
        unsubscribe,
    ],
    tags=["messages"],
)
