"""Cross-origin requests: pages of the origins that a business lists may read our answers, and no others.

Cookies are never allowed across origins; such pages carry a visitor's token themselves. Source: WHATWG Fetch, "CORS".
"""

from __future__ import annotations

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from kit.errors import AppError
from kit.log import get_logger
from kit.runtime import Runtime
from modules.accounts import service as accounts

log = get_logger(__name__)

METHODS = "GET, POST, PUT, PATCH, DELETE"
ASKED = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, Prefer, X-Request-Id"
SHOWN = (
    "ETag, Idempotency-Replayed, Preference-Applied, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, WWW-Authenticate, X-Request-Id"
)
REMEMBERED_S = 600


class Cors:
    """ASGI middleware over the API's routes.

    A preflight carries no credential: it is granted when any business lists the origin. The answer itself can be read
    when the caller's own business does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        headers = Headers.from_scope(scope)
        runtime: Runtime = scope["litestar_app"].state.runtime
        origin = headers.get("origin")
        if origin is None or origin == runtime.settings.public_url:
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _answer_preflight(send, origin, await _allowed(runtime, origin, None))
        else:
            await self._app(scope, receive, _opening(scope, runtime, origin, send))


def _opening(scope: HTTPScope, runtime: Runtime, origin: str, send: Send) -> Send:
    """Sends on, and lets a listed origin read the answer."""

    async def send_opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            caller = scope.get("user")
            headers = MutableScopeHeaders.from_message(message)
            headers.add("Vary", "Origin")
            if await _allowed(runtime, origin, caller.business_id if caller else None):
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = SHOWN
        await send(message)

    return send_opened


async def _answer_preflight(send: Send, origin: str, allowed: bool) -> None:
    headers = [(b"vary", b"Origin"), (b"content-length", b"0")]
    if allowed:
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-methods", METHODS.encode()),
            (b"access-control-allow-headers", ASKED.encode()),
            (b"access-control-max-age", str(REMEMBERED_S).encode()),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _allowed(runtime: Runtime, origin: str, business_id: str | None) -> bool:
    try:
        return await accounts.origin_is_allowed(runtime.db, origin, business_id)
    except AppError as error:
        log.warning("origin_not_checked", code=error.code)
        return False
