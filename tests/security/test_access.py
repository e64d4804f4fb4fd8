"""Every route, tried by everybody who may not, and then by who may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from api.app import create_app
from api.guards import ScopeGuard, StaffOnly
from api.openapi.document import operations
from api.openapi.handlers import guards_of
from kit.runtime import Runtime
from kit.settings import Settings
from modules.accounts.scopes import TEST_SCOPES, VISITOR_SCOPES, Scope
from tests.integration.callers import bearer
from tests.security.cast import Cast, Headers, key_without
from tests.security.routes import ROUTES, Refusal, Route
from tests.security.things import NAMED, OF_A_CUSTOMER, OF_CUSTOMERS, OF_EVERYBODY, PHOTO, Maker

OPERATIONS: dict[str, tuple[str, str, HTTPRouteHandler]] = {
    handler.handler_name: (path, method, handler)
    for path, method, handler in operations(create_app(Settings(secret="x" * 32)))
}
UNAUTHORISED: Refusal = (401, "unauthorised")
FORBIDDEN: Refusal = (403, "forbidden")


def test_every_route_is_listed() -> None:
    assert sorted(ROUTES) == sorted(OPERATIONS)


def is_public(name: str) -> bool:
    return bool(OPERATIONS[name][2].opt.get("exclude_from_auth"))


def test_what_needs_no_credential_is_known() -> None:
    open_to_all = {name for name in OPERATIONS if not is_public(name) and not guards_of(OPERATIONS[name][2])}
    assert open_to_all == OPEN


OPEN = {"list_consent_texts", "list_sample_photos", "get_image", "list_bundles", "list_services"}
"""What we ship to everybody; with a credential, what is the business's own as well."""
GUARDED = sorted(name for name in ROUTES if name in OPERATIONS and not is_public(name) and name not in OPEN)


class Trial:
    """One route with its business's things."""

    def __init__(self, name: str, maker: Maker) -> None:
        path, self.method, self.handler = OPERATIONS[name]
        self.route: Route = ROUTES[name]
        self.path = NAMED.sub(lambda found: f"{{{self.route.meaning.get(found[1], found[1])}}}", path)
        self.maker = maker
        (guard,) = guards_of(self.handler) or [None]
        self.scope: Scope | None = guard.scope if isinstance(guard, ScopeGuard) else None
        self.for_staff = isinstance(guard, StaffOnly)
        carried = [self.path, str(self.route.body), str(self.route.form), str(self.route.query)]
        self.about = {thing for text in carried for thing in NAMED.findall(text)} - OF_EVERYBODY

    async def send(self, headers: Headers) -> httpx.Response:
        """The request, by whoever has these headers."""
        path, content = await self.maker.at(self.path), dict[str, Any]()
        if self.route.body is not None:
            content["json"] = await self.maker.filled(self.route.body)
        if self.route.form is not None:
            content["data"] = await self.maker.filled(self.route.form)
            content["files"] = {"file": ("photo.jpg", PHOTO)}
        if self.route.query is not None:
            content["params"] = await self.maker.filled(self.route.query)
        given = {"If-Match": "*", **headers}
        async with self.maker.api.stream(self.method, path, headers=given, **content) as answer:
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                await answer.aread()
        return answer

    async def refused(self, headers: Headers, refusal: Refusal, who: str) -> None:
        """Whoever has these headers is told so."""
        answer = await self.send(headers)
        said = (answer.status_code, answer.json().get("code"))
        assert said == refusal or (refusal[1] == "" and said[0] == refusal[0]), f"{who}: {said}"

    async def sees_nothing(self, headers: Headers, who: str) -> None:
        """Whoever has these headers may call, and finds nothing of what is the business's own."""
        if self.about or self.route.of_herself:
            await self.refused(headers, self.route.stranger or (404, ""), who)
            return
        answer = await self.send(headers)
        assert answer.status_code < 300, f"{who}: {answer.status_code} {answer.content!r}"
        for name, thing in self.maker.made.items():
            assert name in OF_EVERYBODY or thing.encode() not in answer.content, f"{who} is shown {name}"


@pytest.fixture
async def trial(name: str, api: httpx.AsyncClient, runtime: Runtime, cast: Cast) -> Trial:
    """A route, and what its lists should show."""
    maker = Maker(api, runtime, cast)
    if (shown := ROUTES[name].shows) is not None:
        await maker.thing(shown)
    return Trial(name, maker)


@pytest.mark.parametrize("name", GUARDED)
async def test_who_may_not_is_refused_and_who_may_is_served(
    trial: Trial, cast: Cast, runtime: Runtime
) -> None:
    await trial.refused({}, UNAUTHORISED, "anonymous")
    for who, headers in cast.gone.items():
        await trial.refused(headers, UNAUTHORISED, who)
    if trial.scope is not None:
        await trial.refused(await key_without(runtime, cast.salon, trial.scope), FORBIDDEN, "wrong scope")
    if trial.for_staff:
        await trial.refused(cast.salon.headers, FORBIDDEN, "a key")

    await trial.sees_nothing(foreign(trial, cast), "another business")
    await by_another_visitor(trial, cast)
    await by_a_test_key(trial, cast)

    if trial.route.first is not None:
        await trial.maker.post(trial.route.first)
    answer = await trial.send(await own(trial, cast))
    assert answer.status_code < 300, f"own: {answer.status_code} {answer.content!r}"
    if (shown := trial.route.shows) is not None:
        assert await trial.maker.thing(shown) in answer.text


async def by_another_visitor(trial: Trial, cast: Cast) -> None:
    """Another visitor of the same business sees what is not a customer's, if she may call at all."""
    headers = bearer(cast.other_visitor.token)
    if trial.for_staff or (trial.scope is not None and trial.scope not in VISITOR_SCOPES):
        await trial.refused(headers, FORBIDDEN, "another visitor")
    elif trial.route.of_herself:
        return
    elif trial.about & (OF_CUSTOMERS | OF_A_CUSTOMER) or not trial.about:
        await trial.sees_nothing(headers, "another visitor")


async def by_a_test_key(trial: Trial, cast: Cast) -> None:
    """A test key finds no live customer, and administers nothing."""
    if trial.for_staff or (trial.scope is not None and trial.scope not in TEST_SCOPES):
        await trial.refused(cast.test_key, FORBIDDEN, "a test key")
    elif trial.route.test is not None:
        await trial.refused(cast.test_key, trial.route.test, "a test key")
    elif trial.about & (OF_CUSTOMERS | OF_A_CUSTOMER) or not trial.about:
        await trial.sees_nothing(cast.test_key, "a test key")


def foreign(trial: Trial, cast: Cast) -> Headers:
    return cast.other_owner.headers if trial.for_staff else cast.other_salon.headers


async def own(trial: Trial, cast: Cast) -> Headers:
    """The narrowest caller who may: the visitor herself, else the business's key, else its owner."""
    if trial.for_staff:
        return cast.owner.headers
    if trial.route.of_herself:
        return bearer((await trial.maker.post("/v1/visitors"))["token"])
    by_visitor = trial.scope in VISITOR_SCOPES and not trial.about & OF_A_CUSTOMER
    return bearer(cast.visitor.token) if by_visitor else cast.salon.headers


@pytest.mark.parametrize("name", sorted(OPEN))
async def test_what_is_open_shows_nothing_of_a_business(trial: Trial, cast: Cast) -> None:
    await trial.sees_nothing({}, "anonymous")
    await trial.sees_nothing(cast.other_salon.headers, "another business")
    await trial.sees_nothing(bearer(cast.other_visitor.token), "another visitor")
    for who, headers in cast.gone.items():
        await trial.refused(headers, UNAUTHORISED, who)
    answer = await trial.send(cast.salon.headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("name", sorted(filter(is_public, OPERATIONS.keys() & ROUTES.keys())))
async def test_what_takes_no_credential_asks_for_a_secret_or_shows_nothing(trial: Trial, cast: Cast) -> None:
    for who, headers in {"anonymous": {}, "a revoked key": cast.gone["a revoked key"]}.items():
        if trial.route.stranger is not None:
            await trial.refused(headers, trial.route.stranger, who)
        else:
            answer = await trial.send(headers)
            assert answer.status_code in (200, 202, 503), f"{who}: {answer.text}"
            assert cast.salon.business_id not in answer.text
