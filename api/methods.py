"""OPTIONS, answered with every method of the address.

Litestar's own answer knows only the handler that was registered first at a path.
"""

from __future__ import annotations

from collections import defaultdict

from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send


class Methods:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._of: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        if not self._of:
            self._of = _methods(scope)
        allow = self._of[scope["path_template"]]
        await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", allow)]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _methods(scope: Scope) -> dict[str, bytes]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for route in scope["litestar_app"].routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                found[route.path_format] |= {str(method) for method in handler.http_methods}
    return {path: ", ".join(sorted(methods)).encode() for path, methods in found.items()}
