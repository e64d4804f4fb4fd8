"""Every POST can carry an Idempotency-Key, also those that nobody has written yet."""

from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from api.app import create_app
from kit.settings import Settings

APP: Litestar = create_app(Settings(secret="x"))
POSTS = {
    f"{route.path}": handler
    for route in APP.routes
    for handler in getattr(route, "route_handlers", ())
    if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods
}


@pytest.mark.parametrize("path", POSTS)
def test_a_post_does_its_work_in_the_requests_unit(path: str) -> None:
    """The stored answer joins the transaction of `unit`; a handler that commits on its own would be done twice."""
    assert "unit" in POSTS[path].parsed_fn_signature.parameters


@pytest.mark.parametrize("path", POSTS)
def test_no_handler_takes_the_apps_hooks_away(path: str) -> None:
    assert POSTS[path].before_request is None
    assert POSTS[path].after_request is None
