"""Browsers: tokens in cookies, requests that other sites forge, and pages of other origins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest
from litestar.testing import AsyncTestClient
from msgspec.structs import replace

from api.app import create_app
from kit.runtime import Runtime
from tests.integration.callers import bearer, hire, sign_in_body
from tests.integration.conftest import Salon

OURS = {"Sec-Fetch-Site": "same-origin", "X-Vernis-Caller": "staff"}
PAGE = "https://salon.example"


@pytest.fixture
async def browser(api: httpx.AsyncClient, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """The API without a jar of its own: each test says which cookies are sent."""
    async for key in runtime.redis.scan_iter("throttle:*"):
        await runtime.redis.delete(key)
    yield api
    api.cookies.clear()


async def signed_in(browser: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> httpx.Response:
    body = sign_in_body(await hire(runtime, salon))
    answer = await browser.post("/v1/staff/sessions?cookie=true", json=body, headers=OURS)
    browser.cookies.clear()
    return answer


async def visitor_cookie(browser: httpx.AsyncClient, salon: Salon) -> str:
    ticket = (await browser.post("/v1/tickets", json={}, headers=salon.headers)).json()["ticket"]
    answer = await browser.post("/v1/tickets/redeem?cookie=true", json={"ticket": ticket}, headers=OURS)
    browser.cookies.clear()
    return cookies_of(answer)


def cookies_of(answer: httpx.Response) -> str:
    """The Cookie header of the next request."""
    jars = map(SimpleCookie, answer.headers.get_list("set-cookie"))
    return "; ".join(f"{morsel.key}={morsel.value}" for jar in jars for morsel in jar.values())


async def test_cookies_take_the_tokens_out_of_the_answer(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    answer = await signed_in(browser, runtime, salon)
    assert answer.status_code == 201
    assert (answer.json()["access_token"], answer.json()["refresh_token"]) == (None, None)
    for cookie in answer.headers.get_list("set-cookie"):
        assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    me = await browser.get("/v1/me", headers={"Cookie": cookies_of(answer)})
    assert me.json()["kind"] == "staff"


async def test_behind_https_cookies_are_secure_and_bound_to_the_host(runtime: Runtime, salon: Salon) -> None:
    api_settings = replace(runtime.settings.api, public_url="https://vernis.example")
    settings = replace(runtime.settings, api=api_settings)
    async with AsyncTestClient(create_app(settings)) as client:
        body = sign_in_body(await hire(runtime, salon))
        answer = await client.post("/v1/staff/sessions?cookie=true", json=body, headers=OURS)
    staff, refresh = sorted(answer.headers.get_list("set-cookie"))
    assert staff.startswith("__Host-vernis_staff=vs_")
    assert {"Secure", "Path=/"} <= set(staff.split("; "))
    assert refresh.startswith("__Secure-vernis_refresh=vr_")
    assert {"Secure", "Path=/v1/staff/sessions"} <= set(refresh.split("; "))


FORGED = [
    {},
    {"Sec-Fetch-Site": "cross-site", "X-Vernis-Caller": "staff"},
    {"Sec-Fetch-Site": "same-site", "X-Vernis-Caller": "staff"},
    {"Sec-Fetch-Site": "none", "X-Vernis-Caller": "staff"},
    {"Sec-Fetch-Site": "same-origin"},
    {"X-Vernis-Caller": "staff"},
    {"Origin": "https://evil.example", "X-Vernis-Caller": "staff"},
    {"Origin": "null", "X-Vernis-Caller": "staff"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8400", "X-Vernis-Caller": "staff"},
]


@pytest.mark.parametrize("forged", FORGED)
async def test_a_forged_request_with_a_cookie_changes_nothing(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon, forged: dict[str, str]
) -> None:
    cookie = {"Cookie": cookies_of(await signed_in(browser, runtime, salon))}
    answer = await browser.post("/v1/keys", json={"name": "forged"}, headers={**cookie, **forged})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    refresh = await browser.post("/v1/staff/sessions/refresh", json={}, headers={**cookie, **forged})
    assert (refresh.status_code, refresh.json()["code"]) == (403, "cross_site_request")


@pytest.mark.parametrize("forged", FORGED)
async def test_nobody_is_signed_in_by_anothers_page(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon, forged: dict[str, str]
) -> None:
    body = sign_in_body(await hire(runtime, salon))
    answer = await browser.post("/v1/staff/sessions?cookie=true", json=body, headers=forged)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("ours", [OURS, {"Origin": "http://127.0.0.1:8400", "X-Vernis-Caller": "staff"}])
async def test_our_own_page_changes_things_by_cookie(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon, ours: dict[str, str]
) -> None:
    assert runtime.settings.public_url == "http://127.0.0.1:8400"
    cookie = {"Cookie": cookies_of(await signed_in(browser, runtime, salon))}
    answer = await browser.post("/v1/keys", json={"name": "mine"}, headers={**cookie, **ours})
    assert answer.status_code == 201
    refreshed = await browser.post("/v1/staff/sessions/refresh", json={}, headers={**cookie, **ours})
    assert refreshed.json()["access_token"] is None
    browser.cookies.clear()
    me = await browser.get("/v1/me", headers={"Cookie": cookies_of(refreshed)})
    assert me.status_code == 200


async def test_signing_out_takes_the_cookies_back(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    cookie = {"Cookie": cookies_of(await signed_in(browser, runtime, salon))}
    answer = await browser.delete("/v1/staff/sessions/current", headers={**cookie, **OURS})
    assert all("Max-Age=0" in line for line in answer.headers.get_list("set-cookie"))
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert (await browser.get("/v1/me", headers=cookie)).status_code == 401


async def test_a_bearer_wins_over_a_cookie(browser: httpx.AsyncClient, salon: Salon) -> None:
    cookie = {"Cookie": await visitor_cookie(browser, salon)}
    assert (await browser.get("/v1/me", headers=cookie)).json()["kind"] == "visitor"
    both = {**cookie, **salon.headers}
    assert (await browser.get("/v1/me", headers=both)).json()["kind"] == "key"
    assert (await browser.post("/v1/keys", json={"name": "x"}, headers=both)).status_code == 201
    wrong = {**cookie, **bearer("vk_live_wrong")}
    assert (await browser.get("/v1/me", headers=wrong)).status_code == 401


async def test_of_two_cookies_the_one_that_is_named_counts(
    browser: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    staff = cookies_of(await signed_in(browser, runtime, salon))
    both = {"Cookie": f"{staff}; {await visitor_cookie(browser, salon)}"}
    kinds = [
        (await browser.get("/v1/me", headers={**both, **named})).json()["kind"]
        for named in ({}, {"X-Vernis-Caller": "staff"}, {"X-Vernis-Caller": "visitor"})
    ]
    assert kinds == ["staff", "staff", "visitor"]


async def test_a_cookie_that_is_over_is_no_credential(browser: httpx.AsyncClient) -> None:
    stale = {"Cookie": "vernis_visitor=vv_over; vernis_staff=vs_over"}
    assert (await browser.get("/v1/services", headers=stale)).status_code == 200
    assert (await browser.get("/v1/me", headers=stale)).status_code == 401


async def allow(api: httpx.AsyncClient, salon: Salon) -> None:
    await api.patch("/v1/business", json={"allowed_origins": [PAGE]}, headers=salon.headers)


def asking(origin: str) -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": "POST"}


async def test_a_preflight_is_granted_to_listed_origins_only(api: httpx.AsyncClient, salon: Salon) -> None:
    await allow(api, salon)
    granted = await api.options("/v1/tryons", headers=asking(PAGE))
    assert granted.headers["access-control-allow-origin"] == PAGE
    assert "POST" in granted.headers["access-control-allow-methods"]
    assert "Authorization" in granted.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in granted.headers
    for stranger in ("https://evil.example", "https://salon.example.evil.example", "null"):
        refused = await api.options("/v1/tryons", headers=asking(stranger))
        assert not any(name.startswith("access-control") for name in refused.headers)


async def test_an_answer_is_open_to_pages_of_the_callers_own_business_only(
    api: httpx.AsyncClient, salon: Salon, other_salon: Salon
) -> None:
    await allow(api, salon)
    own, other = [
        await api.get("/v1/tryons", headers={**who.headers, "Origin": PAGE}) for who in (salon, other_salon)
    ]
    assert own.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-origin" not in other.headers
    assert "Origin" in own.headers["vary"]
    assert "Origin" in other.headers["vary"]


async def test_errors_can_be_read_across_origins_too(api: httpx.AsyncClient, salon: Salon) -> None:
    await allow(api, salon)
    answer = await api.get("/v1/tryons", headers={"Origin": PAGE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, PAGE)


async def test_without_an_origin_there_is_nothing_to_say(api: httpx.AsyncClient, salon: Salon) -> None:
    answer = await api.get("/v1/tryons", headers=salon.headers)
    assert not any(name.startswith("access-control") for name in answer.headers)
