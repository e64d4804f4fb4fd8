"""Every POST can carry an Idempotency-Key, also those that nobody has written yet."""

from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from api.admission import admit_to_queue
from api.app import create_app
from kit.settings import Settings

APP: Litestar = create_app(Settings(secret="x"))
POSTS = {
    f"{route.path}": handler
    for route in APP.routes
    for handler in getattr(route, "route_handlers", ())
    if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods
}


WITHOUT_A_CALLER = {path for path, handler in POSTS.items() if handler.opt.get("exclude_from_auth")}
"""Nobody is known to keep a key for; what these give out works once, by itself."""


def test_posts_without_a_caller_are_few_and_known() -> None:
    assert {path.removeprefix("/v1/") for path in WITHOUT_A_CALLER} == {
        "/s/{token:str}/book",
        "/s/{token:str}/slid",
        "/s/{token:str}/try",
        "kiosks/pair",
        "/m/{appointment_id:str}/again",
        "/m/{appointment_id:str}/cancel",
        "/m/{appointment_id:str}/confirm",
        "/m/{appointment_id:str}/move",
        "manage/{appointment_id:str}/cancel",
        "manage/{appointment_id:str}/confirm",
        "manage/{appointment_id:str}/move",
        "media",
        "staff/invitations/accept",
        "staff/password-resets",
        "staff/password-resets/redeem",
        "staff/sessions",
        "staff/sessions/refresh",
        "tickets/redeem",
        "unsubscribe/{message_id:str}",
        "visitors/public",
    }


@pytest.mark.parametrize("path", sorted(POSTS.keys() - WITHOUT_A_CALLER))
def test_a_post_does_its_work_in_the_requests_unit(path: str) -> None:
    """The stored answer joins the transaction of `unit`; a handler that commits on its own would be done twice."""
    assert "unit" in POSTS[path].parsed_fn_signature.parameters


@pytest.mark.parametrize("path", POSTS)
def test_no_handler_takes_the_apps_hooks_away(path: str) -> None:
    """A hook of a handler stands in place of the app's: only one that begins with the key may."""
    assert POSTS[path].before_request in (None, admit_to_queue)
    assert POSTS[path].after_request is None
