"""Credentials in the document: the schemes, and which of them can pass a route's guards."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from api.cookies import CALLER_HEADER, CrossSite
from api.guards import Known, ScopeGuard, StaffOnly
from api.openapi.handlers import guards_of
from kit.errors import AppError
from modules.accounts.scopes import KIOSK_SCOPES, ROLE_SCOPES, VISITOR_SCOPES, Scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SCHEMES: dict[str, dict[str, str]] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "vk_live_… or vk_test_…",
        "description": "A server's key. A test key works on sample photos only.",
    },
    "staff": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "vs_…",
        "description": "The access token of a member of staff, for 15 minutes.",
    },
    "kiosk": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "vx_…",
        "description": "The credential that a kiosk got when it was paired.",
    },
    "visitor": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "vv_…",
        "description": "The token of a customer's device, for two hours.",
    },
    "staff_cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-vernis_staff",
        "description": "The staff token in a browser, set by `?cookie=true`; without the prefix on localhost.",
    },
    "visitor_cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-vernis_visitor",
        "description": "The visitor's token in a browser, set by `?cookie=true`; without the prefix on localhost.",
    },
    "page": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Vernis-Caller",
        "description": "`staff` or `visitor`: shows that our own page wrote a request that changes something by a "
        "cookie, and says which cookie is meant. The browser must say so too (`Sec-Fetch-Site: same-origin`).",
    },
    "link": {
        "type": "apiKey",
        "in": "query",
        "name": "signature",
        "description": "A link that we gave out whole, with `expires`; it needs no other credential.",
    },
}
assert SCHEMES["page"]["name"].lower() == CALLER_HEADER

_STAFF_SCOPES = frozenset().union(*ROLE_SCOPES.values())
_HOLDERS: dict[str, frozenset[Scope]] = {
    "key": frozenset(Scope),
    "staff": _STAFF_SCOPES,
    "kiosk": KIOSK_SCOPES,
    "visitor": frozenset(VISITOR_SCOPES),
}


def security(handler: HTTPRouteHandler, method: str) -> list[dict[str, list[str]]]:
    """Ways to call a route; the scopes that one needs stand as its roles. An empty way means: without any."""
    if handler.opt.get("exclude_from_auth"):
        return []
    guards = guards_of(handler)
    if not guards:
        return [{}, *_ways(list(_HOLDERS), [], method)]
    kinds, scopes = list(_HOLDERS), []
    for guard in guards:
        if isinstance(guard, ScopeGuard):
            scopes.append(str(guard.scope))
            kinds = [kind for kind in kinds if guard.scope in _HOLDERS[kind]]
        elif isinstance(guard, StaffOnly):
            kinds = ["staff"]
    by_link: dict[str, list[str]] = {"link": []}
    links = any(isinstance(guard, ScopeGuard) and guard.or_link for guard in guards)
    return [*_ways(kinds, scopes, method), *([by_link] if links else [])]


def refusals(handler: HTTPRouteHandler, method: str) -> set[type[AppError]]:
    """What a credential, or the lack of one, can be refused with."""
    if handler.opt.get("exclude_from_auth"):
        return set()
    from_guards = {error for guard in guards_of(handler) for error in guard.fails}
    return from_guards | set(Known.fails) | (set() if method in SAFE else {CrossSite})


def _ways(kinds: list[str], scopes: list[str], method: str) -> list[dict[str, list[str]]]:
    page: dict[str, list[str]] = {} if method in SAFE else {"page": []}
    cookies = [{f"{kind}_cookie": scopes, **page} for kind in kinds if kind in ("staff", "visitor")]
    return [*({kind: scopes} for kind in kinds), *cookies]
