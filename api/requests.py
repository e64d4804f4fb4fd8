"""Around each request: its id, its log context, its metrics, and its line in the business's log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kit.ids import new_id
from kit.log import bind_contextvars, clear_contextvars, get_logger
from kit.metrics import REQUEST_SECONDS, REQUESTS
from modules.accounts.caller import Caller

Note = Callable[[Caller, str, str, int, float, str], None]
"""(caller, method, route, status, milliseconds, request id)"""

log = get_logger(__name__)
_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")


class RequestContext:
    """ASGI middleware. Takes over a caller's X-Request-Id when it is well formed, else makes one; answers with it.

    note: told of each request whose caller is known.
    """

    def __init__(self, app: ASGIApp, note: Note) -> None:
        self._app, self._note = app, note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _ID.fullmatch(given) else new_id("req")
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route = str(scope.get("path_template") or "unknown")
            REQUESTS.labels(scope["method"], route, status).inc()
            REQUEST_SECONDS.labels(scope["method"], route).observe(seconds)
            ms = round(seconds * 1000, 1)
            log.info("request", method=scope["method"], route=route, status=status, ms=ms)
            caller = scope.get("user")
            if isinstance(caller, Caller):
                self._note(caller, scope["method"], route, status, ms, request_id)
