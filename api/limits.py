"""Rate limits at the edge: who is counted, what a refusal looks like, and the headers that say what is left.

The headers are those of draft-ietf-httpapi-ratelimit-headers-06, the form in use: RateLimit-Limit, -Remaining and
-Reset speak of the limit that is nearest to its end, RateLimit-Policy lists all that were counted.
"""

from __future__ import annotations

import math
from functools import lru_cache

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.address import Addresses
from api.problems import send_problem
from kit.errors import Busy, Unauthorised
from kit.limits import Limiter, Policy, Standing, Subject, Verdict
from kit.metrics import LIMITS_REFUSED
from kit.settings import Limits, Settings
from modules.accounts.caller import Caller, CallerKind

WINDOW_S = 60
UNLIMITED = {"unlimited": True}
"""`opt` of handlers that are never limited: probes and scrapes."""


class RateLimited(Busy):
    status, code, public = 429, "rate_limited", "That was a lot of requests. Please try again in a moment."


class Quotas:
    """The policies that settings ask for."""

    def __init__(self, limits: Limits) -> None:
        self.address = Policy("address", limits.address_per_minute, WINDOW_S)
        self._key = Policy("caller", limits.key_per_minute, WINDOW_S)
        self._person = Policy("caller", limits.person_per_minute, WINDOW_S)
        self._business = Policy("business", limits.business_per_minute, WINDOW_S)

    def of(self, caller: Caller | None, address: str) -> list[Subject]:
        """Whom a request counts for."""
        subjects = [Subject(self.address, address)]
        if caller is not None:
            own = self._key if caller.kind is CallerKind.KEY else self._person
            subjects += [Subject(own, caller.subject), Subject(self._business, caller.business_id)]
        return subjects


class Door:
    """ASGI middleware before authentication: an address that is full is refused at once, and so is one that guesses."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._addresses = Addresses(settings.api.trusted_proxies)
        self._quotas = Quotas(settings.limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or _unlimited(scope):
            await self._app(scope, receive, send)
            return
        address = self._addresses.of(scope)
        scope["state"]["address"] = address
        limiter: Limiter = scope["litestar_app"].state.limiter
        subjects = self._quotas.of(None, address)
        verdict = limiter.remembered(subjects)
        if verdict is None:
            try:
                await self._app(scope, receive, send)
                return
            except Unauthorised as error:  # of the credential: nothing was counted yet
                verdict = await limiter.take(subjects)
                if verdict is None or verdict.admitted:
                    raise error
        await refuse(verdict, scope, receive, send)


class Limited:
    """ASGI middleware after authentication: counts the request, and says on its answer what is left."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._quotas = Quotas(settings.limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or _unlimited(scope):
            await self._app(scope, receive, send)
            return
        limiter: Limiter = scope["litestar_app"].state.limiter
        verdict = await limiter.take(self._quotas.of(scope.get("user"), scope["state"]["address"]))
        if verdict is None:
            await self._app(scope, receive, send)
        elif verdict.admitted:
            scope["state"]["standings"] = verdict.standings
            await self._app(scope, receive, _saying(verdict, send))
        else:
            await refuse(verdict, scope, receive, send)


class PublicDoor:
    """What opens visits without a credential is counted apart: by where it comes from, and by whose page it is."""

    def __init__(self, limiter: Limiter, limits: Limits) -> None:
        self._limiter = limiter
        self._address = Policy("public_address", limits.public_address_per_minute, WINDOW_S)
        self._business = Policy("public_id", limits.public_id_per_minute, WINDOW_S)

    async def admit(self, address: str, public_id: str) -> None:
        """Count a visit. Raises RateLimited."""
        verdict = await self._limiter.take(
            [Subject(self._address, address), Subject(self._business, public_id)]
        )
        if verdict is not None and not verdict.admitted:
            raise _refusal(verdict)


async def refuse(verdict: Verdict, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 429 without having done anything."""
    await send_problem(_refusal(verdict), scope, receive, _saying(verdict, send))


def _refusal(verdict: Verdict) -> RateLimited:
    full = max(verdict.standings, key=lambda standing: standing.retry_after_s)
    LIMITS_REFUSED.labels(full.policy.name).inc()
    return RateLimited(
        f"The limit of this {full.policy.name} is {full.policy.quota} in {full.policy.window_s} seconds.",
        retry_after=max(1, math.ceil(verdict.retry_after_s)),
    )


def standings(scope: Scope) -> tuple[Standing, ...]:
    """Where this request's limits stood when it was counted; nothing while Redis is away."""
    found: tuple[Standing, ...] = scope["state"].get("standings", ())
    return found


def _saying(verdict: Verdict, send: Send) -> Send:
    """A `send` that adds the headers."""

    async def send_with_limits(message: Message) -> None:
        if message["type"] == "http.response.start":
            tightest = min(verdict.standings, key=lambda standing: standing.remaining / standing.policy.quota)
            message["headers"] = [
                *message["headers"],
                (b"ratelimit-limit", b"%d" % tightest.policy.quota),
                (b"ratelimit-remaining", b"%d" % tightest.remaining),
                (b"ratelimit-reset", b"%d" % tightest.reset_s),
                (b"ratelimit-policy", _policies(tuple(standing.policy for standing in verdict.standings))),
            ]
        await send(message)

    return send_with_limits


@lru_cache
def _policies(policies: tuple[Policy, ...]) -> bytes:
    words = (f'{policy.quota};w={policy.window_s};comment="{policy.name}"' for policy in policies)
    return ", ".join(words).encode()


def _unlimited(scope: Scope) -> bool:
    handler = scope.get("route_handler")
    return handler is not None and bool(handler.opt.get("unlimited"))
