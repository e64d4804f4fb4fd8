"""What a handler says of itself, beyond its signature."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from api.guards import Known


def guards_of(handler: HTTPRouteHandler) -> list[Known]:
    """The guards of a route; raises TypeError for one that the document would not know how to describe."""
    found: list[Known] = []
    for guard in handler.resolve_guards():
        if not isinstance(guard, Known):
            raise TypeError(f"{handler.handler_name}: {guard} says nothing of whom it lets pass")
        found.append(guard)
    return found


def middlewares_of(handler: HTTPRouteHandler) -> list[type[Any]]:
    """The classes of a route's own middlewares and of those around it."""
    found: list[Any] = list(handler.resolve_middleware())
    return [getattr(middleware, "middleware", middleware) for middleware in found]
