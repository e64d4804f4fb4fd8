"""Around each request: its id, its log context, its metrics, and its line in the business's log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kit.db.served import noting
from kit.ids import new_id
from kit.log import bind_contextvars, clear_contextvars, get_logger
from kit.metrics import IN_FLIGHT, REQUEST_SECONDS, REQUESTS
from modules.accounts.caller import Caller

Note = Callable[[str, str, str, str, int, float, str], None]
"""(business, kind of caller, method, route, status, milliseconds, request id)"""
ANONYMOUS = "anonymous"

log = get_logger(__name__)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")


class RequestContext:
    """ASGI middleware. Takes over a caller's X-Request-Id when it is well formed, else makes one; answers with it.

    note: told of each request whose caller is known, or that turned out to be for one business: a visitor's first, a
    member of staff who signs in, a ticket.
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

        businesses: set[str] = set()
        try:
            with IN_FLIGHT.track_inprogress(), noting() as businesses:
                await self._app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route = str(scope.get("path_template") or "unknown")
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            REQUEST_SECONDS.labels(method, route).observe(seconds)
            ms = round(seconds * 1000, 1)
            caller = scope.get("user")
            kind = caller.kind if isinstance(caller, Caller) else ANONYMOUS
            log.info("request", method=method, route=route, status=status, ms=ms, caller=kind)
            if isinstance(caller, Caller):
                businesses = {caller.business_id}
            if len(businesses) == 1:
                self._note(businesses.pop(), kind, method, route, status, ms, request_id)
