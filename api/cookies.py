"""Tokens of browsers, in cookies that scripts cannot read; and the guard against requests that other sites forge.

A cookie is sent whoever wrote the page, so a request that changes something by a cookie must show that our own page
made it: the browser says so (`Sec-Fetch-Site`, or `Origin` where it is too old for that), and the page sets the
header `X-Vernis-Caller`, which no form can. That header also names the cookie that is meant, where a browser holds
two. Sources: RFC 6265bis, W3C Fetch Metadata, OWASP "Cross-Site Request Forgery Prevention".
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from kit import clock
from kit.errors import Forbidden
from kit.settings import Settings

CALLER_HEADER = "x-vernis-caller"
COOKIES = {"sets_cookies": True}
"""`opt` of handlers whose answer can carry cookies."""
REFRESH_PATH = "/v1/staff/sessions"
_PLAIN = ("http://127.0.0.1", "http://localhost")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


class CrossSite(Forbidden):
    code = "cross_site_request"
    public = "Requests with a cookie must come from our own pages."


class Carried(StrEnum):
    """What cookies carry."""

    STAFF = "staff"
    VISITOR = "visitor"
    REFRESH = "refresh"


def credential(connection: Connection) -> str | None:
    """The token of the cookie that a request means: the one it names, else a member of staff's, else a visitor's.

    Raises CrossSite for a request that changes something and does not show that our own page made it.
    """
    named = connection.headers.get(CALLER_HEADER)
    wanted = [kind for kind in (Carried.STAFF, Carried.VISITOR) if named in (None, kind)]
    token = next((token for kind in wanted if (token := carried(connection, kind))), None)
    if token is not None and connection.scope.get("method") not in _SAFE:
        refuse_cross_site(connection)
    return token


def carried(connection: Connection, kind: Carried) -> str | None:
    """The token that a cookie carries."""
    return connection.cookies.get(_name(_settings(connection), kind))


def refuse_cross_site(connection: Connection) -> None:
    """Raise CrossSite unless a script of a page of ours made this request."""
    refuse_foreign_form(connection)
    if connection.headers.get(CALLER_HEADER) is None:
        raise CrossSite


def refuse_foreign_form(connection: Connection) -> None:
    """Raise CrossSite unless the browser says that a page of ours made this request, by a form or by a script."""
    headers, origin = connection.headers, _settings(connection).public_url
    site = headers.get("sec-fetch-site")
    if not (headers.get("origin") == origin if site is None else site == "same-origin"):
        raise CrossSite


def hand_over(connection: Connection, kind: Carried, token: str, until: datetime) -> Cookie:
    """A cookie with a token, for a page of ours. Raises CrossSite, so that nobody is signed in by another's page."""
    refuse_cross_site(connection)
    return _lasting(connection, kind, token, until)


def hand_over_to_form(connection: Connection, kind: Carried, token: str, until: datetime) -> Cookie:
    """The same for a form of ours, which works without a script and can set no header. Raises CrossSite."""
    refuse_foreign_form(connection)
    return _lasting(connection, kind, token, until)


def take_back(connection: Connection, kind: Carried) -> Cookie:
    """The cookie that ends one."""
    return _cookie(connection, kind, "", 0)


def _lasting(connection: Connection, kind: Carried, token: str, until: datetime) -> Cookie:
    return _cookie(connection, kind, token, max(0, round((until - clock.now()).total_seconds())))


def _cookie(connection: Connection, kind: Carried, token: str, seconds: int) -> Cookie:
    settings = _settings(connection)
    return Cookie(
        key=_name(settings, kind),
        value=token,
        path=REFRESH_PATH if kind is Carried.REFRESH else "/",
        max_age=seconds,
        secure=_secure(settings),
        httponly=True,
        samesite="lax",
    )


def _name(settings: Settings, kind: Carried) -> str:
    """With a prefix by which browsers refuse a cookie that a subdomain or plain http wants to plant (RFC 6265bis)."""
    prefix = "__Secure-" if kind is Carried.REFRESH else "__Host-"
    return f"{prefix if _secure(settings) else ''}vernis_{kind}"


def _secure(settings: Settings) -> bool:
    """Everywhere but on this machine itself."""
    return not any(
        settings.public_url == plain or settings.public_url.startswith(f"{plain}:") for plain in _PLAIN
    )


def _settings(connection: Connection) -> Settings:
    settings: Settings = connection.app.state.runtime.settings
    return settings
