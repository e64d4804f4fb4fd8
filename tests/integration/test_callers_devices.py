"""Kiosks paired by a code, tickets for phones, and visitors of web pages."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from benchmarks.journey import CONSENT
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import Role
from tests.integration.callers import bearer, hire, hold, pair_kiosk, sql
from tests.integration.conftest import Salon

PAGE = "https://salon.example"


@pytest.fixture(autouse=True)
async def nobody_waits(runtime: Runtime) -> None:
    """Tests share one address: what others failed is forgotten."""
    async for key in runtime.redis.scan_iter("throttle:*"):
        await runtime.redis.delete(key)


async def code_of(api: httpx.AsyncClient, salon: Salon) -> str:
    return str((await api.post("/v1/kiosks", json={"name": "Window"}, headers=salon.headers)).json()["code"])


async def pair(api: httpx.AsyncClient, code: str) -> httpx.Response:
    return await api.post("/v1/kiosks/pair", json={"code": code})


async def test_a_code_pairs_one_kiosk_once(api: httpx.AsyncClient, salon: Salon) -> None:
    code = await code_of(api, salon)
    answers = await asyncio.gather(*(pair(api, code) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 404, 404]
    (kiosk,) = (await api.get("/v1/kiosks", headers=salon.headers)).json()["items"]
    assert kiosk["paired_at"] is not None


async def test_a_code_is_read_as_it_was_meant(api: httpx.AsyncClient, salon: Salon) -> None:
    code = await code_of(api, salon)
    assert len(code.replace("-", "")) == 8
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (await pair(api, sloppy)).status_code == 201


async def test_a_code_lasts_ten_minutes(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    code = await code_of(api, salon)
    passed = (
        "UPDATE kiosks SET code_expires_at = code_expires_at - interval '10 minutes' WHERE name = 'Window'"
    )
    await sql(runtime, salon, passed)
    answer = await pair(api, code)
    assert (answer.status_code, answer.json()["code"]) == (404, "wrong_code")


async def test_a_revoked_kiosk_cannot_be_paired_any_more(api: httpx.AsyncClient, salon: Salon) -> None:
    code = await code_of(api, salon)
    (kiosk,) = (await api.get("/v1/kiosks", headers=salon.headers)).json()["items"]
    await api.delete(f"/v1/kiosks/{kiosk['id']}", headers=salon.headers)
    assert (await pair(api, code)).status_code == 404


async def test_who_guesses_codes_waits(api: httpx.AsyncClient, salon: Salon) -> None:
    answers = await asyncio.gather(*(pair(api, f"0000-000{n}") for n in range(9)))
    assert sorted(answer.status_code for answer in answers) == [404] * 5 + [429] * 4
    right = await pair(api, await code_of(api, salon))
    assert (right.status_code, right.json()["code"]) == (429, "too_many_attempts")
    assert int(right.headers["retry-after"]) > 0


async def test_a_salon_may_pair_many_kiosks_from_one_address(api: httpx.AsyncClient, salon: Salon) -> None:
    assert [(await pair(api, await code_of(api, salon))).status_code for _ in range(7)] == [201] * 7


async def test_a_kiosk_mints_visitors_and_sees_none_of_their_try_ons(
    api: httpx.AsyncClient, salon: Salon
) -> None:
    kiosk = await pair_kiosk(api, salon)
    minted = await api.post("/v1/visitors", headers=kiosk.headers)
    assert minted.status_code == 201
    assert (await api.get("/v1/tryons", headers=kiosk.headers)).status_code == 403
    assert (await api.get("/v1/tryons", headers=bearer(minted.json()["token"]))).status_code == 200


async def test_the_kiosks_last_use_is_listed(api: httpx.AsyncClient, salon: Salon) -> None:
    kiosk = await pair_kiosk(api, salon)
    await api.get("/v1/me", headers=kiosk.headers)
    (listed,) = (await api.get("/v1/kiosks", headers=salon.headers)).json()["items"]
    assert listed["last_used_at"] is not None


async def test_a_suspended_business_pairs_and_redeems_nothing(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    code, ticket = await code_of(api, salon), await ticket_of(api, salon.headers)
    public = (await api.get("/v1/business", headers=salon.headers)).json()["public_id"]
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=True)
    own = {"Origin": runtime.settings.public_url}
    answers = [
        await pair(api, code),
        await redeem(api, ticket),
        await api.post("/v1/visitors/public", json={"public_id": public}, headers=own),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "business_suspended")] * 3


async def ticket_of(api: httpx.AsyncClient, headers: dict[str, str], customer_id: str | None = None) -> str:
    made = await api.post("/v1/tickets", json={"customer_id": customer_id}, headers=headers)
    return str(made.json()["ticket"])


async def redeem(api: httpx.AsyncClient, ticket: str) -> httpx.Response:
    return await api.post("/v1/tickets/redeem", json={"ticket": ticket})


async def test_a_ticket_is_good_once(api: httpx.AsyncClient, salon: Salon) -> None:
    ticket = await ticket_of(api, salon.headers)
    answers = await asyncio.gather(*(redeem(api, ticket) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 410, 410]


async def test_a_ticket_lasts_ten_minutes(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    ticket = await ticket_of(api, salon.headers)
    await sql(runtime, salon, "UPDATE tickets SET expires_at = expires_at - interval '10 minutes'")
    answer = await redeem(api, ticket)
    assert (answer.status_code, answer.json()["code"]) == (410, "ticket_used")


async def test_a_kiosk_hands_its_visitor_over_to_her_phone(api: httpx.AsyncClient, salon: Salon) -> None:
    kiosk = await pair_kiosk(api, salon)
    at_kiosk = (await api.post("/v1/visitors", headers=kiosk.headers)).json()
    consent = (await api.post("/v1/consents", json=CONSENT, headers=bearer(at_kiosk["token"]))).json()["id"]
    ticket = await ticket_of(api, kiosk.headers, at_kiosk["customer_id"])
    phone = (await redeem(api, ticket)).json()
    assert phone["customer_id"] == at_kiosk["customer_id"]
    assert (await api.get(f"/v1/consents/{consent}", headers=bearer(phone["token"]))).status_code == 200


async def test_a_kiosk_hands_over_only_visitors_of_its_own_who_are_still_there(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    kiosk, other = await pair_kiosk(api, salon), await pair_kiosk(api, salon)
    visitor = (await api.post("/v1/visitors", headers=kiosk.headers)).json()["customer_id"]
    body = {"customer_id": visitor}
    strange = await api.post("/v1/tickets", json=body, headers=other.headers)
    assert (strange.status_code, strange.json()["code"]) == (422, "unknown_customer")
    await sql(
        runtime, salon, "UPDATE visitor_tokens SET expires_at = now() WHERE customer_id = :id", id=visitor
    )
    assert (await api.post("/v1/tickets", json=body, headers=kiosk.headers)).status_code == 422


async def test_staff_hand_over_any_customer_of_their_own_business(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    customer = (await api.post("/v1/visitors", headers=salon.headers)).json()["customer_id"]
    ours, theirs = await hire(runtime, salon, Role.STYLIST), await hire(runtime, other_salon)
    body = {"customer_id": customer}
    assert (await api.post("/v1/tickets", json=body, headers=ours.headers)).status_code == 201
    assert (await api.post("/v1/tickets", json=body, headers=theirs.headers)).status_code == 422


async def test_a_visitor_cannot_prolong_her_visit_by_a_ticket(api: httpx.AsyncClient, salon: Salon) -> None:
    visitor = (await api.post("/v1/visitors", headers=salon.headers)).json()
    body = {"customer_id": visitor["customer_id"]}
    assert (await api.post("/v1/tickets", json=body, headers=bearer(visitor["token"]))).status_code == 403


async def test_a_test_keys_ticket_makes_a_test_customer(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    key = await hold(api, runtime, salon, "test_key")
    phone = (await redeem(api, await ticket_of(api, key.headers))).json()
    assert (await api.get("/v1/me", headers=bearer(phone["token"]))).json()["test"] is True


async def listed(api: httpx.AsyncClient, salon: Salon, *origins: str) -> str:
    """Let pages of these origins call; returns the public id."""
    body = {"allowed_origins": [*origins]}
    changed = await api.patch("/v1/business", json=body, headers=salon.headers)
    assert changed.json()["allowed_origins"] == sorted(origins)
    return str(changed.json()["public_id"])


async def visit(api: httpx.AsyncClient, public_id: str, origin: str | None) -> httpx.Response:
    headers = {} if origin is None else {"Origin": origin}
    return await api.post("/v1/visitors/public", json={"public_id": public_id}, headers=headers)


async def test_a_listed_page_opens_a_visit(api: httpx.AsyncClient, salon: Salon) -> None:
    public_id = await listed(api, salon, PAGE, "http://localhost:5173")
    for origin in (PAGE, "http://localhost:5173"):
        answer = await visit(api, public_id, origin)
        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == origin
    me = await api.get("/v1/me", headers=bearer(answer.json()["token"]))
    assert (me.json()["kind"], me.json()["business_id"]) == ("visitor", salon.business_id)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://salon.example.evil.example",
        "https://evil-salon.example",
        "https://www.salon.example",
        "http://salon.example",
        "https://salon.example:8443",
        "https://SALON.example",
        "https://salon.example/",
    ],
)
async def test_only_exactly_listed_pages_open_visits(
    api: httpx.AsyncClient, salon: Salon, origin: str | None
) -> None:
    answer = await visit(api, await listed(api, salon, PAGE), origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


async def test_another_business_page_opens_no_visit(
    api: httpx.AsyncClient, salon: Salon, other_salon: Salon
) -> None:
    await listed(api, other_salon, "https://other.example")
    public_id = await listed(api, salon, PAGE)
    assert (await visit(api, public_id, "https://other.example")).status_code == 403
    assert (await visit(api, "pub_none", PAGE)).status_code == 404


@pytest.mark.parametrize(
    "origin",
    ["*", "salon.example", "https://salon.example/", "https://salon.example:443", "http://salon.example",
     "https://Salon.example", "https://*.salon.example", "https://a@salon.example", "null", "file://x"],
)  # fmt: skip
async def test_what_is_no_origin_is_not_listed(api: httpx.AsyncClient, salon: Salon, origin: str) -> None:
    answer = await api.patch("/v1/business", json={"allowed_origins": [origin]}, headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_origin")


async def test_a_business_keeps_what_a_change_leaves_out(api: httpx.AsyncClient, salon: Salon) -> None:
    await listed(api, salon, PAGE)
    await api.patch("/v1/business", json={"name": "Rosa"}, headers=salon.headers)
    business = (await api.get("/v1/business", headers=salon.headers)).json()
    assert (business["name"], business["allowed_origins"]) == ("Rosa", [PAGE])
