"""Around each request: its id, its log context, its metrics."""

from __future__ import annotations

import re
import time

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kit.ids import new_id
from kit.log import bind_contextvars, clear_contextvars, get_logger
from kit.metrics import REQUEST_SECONDS, REQUESTS

log = get_logger(__name__)
_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")


class RequestContext:
    """ASGI middleware. Takes over a caller's X-Request-Id when it is well formed, else makes one; answers with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
                MutableScopeHeaders.from_message(message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route = str(scope.get("path_template") or "unknown")
            REQUESTS.labels(scope["method"], route, status).inc()
            REQUEST_SECONDS.labels(scope["method"], route).observe(seconds)
            log.info(
                "request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1)
            )
