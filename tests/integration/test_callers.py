"""Every kind of credential: good, revoked, over, of a suspended business, without the scope, of another business."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kit.runtime import Runtime
from modules.accounts import service as accounts
from tests.integration.callers import hire, hold, sql
from tests.integration.conftest import Salon

KINDS = ["key", "test_key", "staff", "kiosk", "visitor"]
REVOKE = {
    "key": "/v1/keys/{}",
    "test_key": "/v1/keys/{}",
    "staff": "/v1/staff/sessions/{}",
    "kiosk": "/v1/kiosks/{}",
}
EXPIRE = {
    "key": "UPDATE api_keys SET expires_at = now() WHERE id = :id",
    "test_key": "UPDATE api_keys SET expires_at = now() WHERE id = :id",
    "staff": "UPDATE staff_sessions SET access_expires_at = now() WHERE id = :id",
    "visitor": "UPDATE visitor_tokens SET expires_at = now() WHERE customer_id = :id",
}

GUARDED = [
    ("GET", "/v1/business", None, "business:write"),
    ("PATCH", "/v1/business", {"name": "New"}, "business:write"),
    ("POST", "/v1/keys", {"name": "more"}, "key:write"),
    ("GET", "/v1/keys", None, "key:write"),
    ("POST", "/v1/keys/key_x/rotate", {}, "key:write"),
    ("DELETE", "/v1/keys/key_x", None, "key:write"),
    ("POST", "/v1/staff/invitations", {"email": "a@b.example", "role": "stylist"}, "staff:write"),
    ("GET", "/v1/staff/invitations", None, "staff:write"),
    ("DELETE", "/v1/staff/invitations/let_x", None, "staff:write"),
    ("GET", "/v1/staff", None, "staff:write"),
    ("PATCH", "/v1/staff/stf_x", {"role": "stylist"}, "staff:write"),
    ("DELETE", "/v1/staff/stf_x", None, "staff:write"),
    ("POST", "/v1/kiosks", {"name": "Window"}, "kiosk:write"),
    ("GET", "/v1/kiosks", None, "kiosk:write"),
    ("DELETE", "/v1/kiosks/kio_x", None, "kiosk:write"),
    ("POST", "/v1/tickets", {}, "ticket:write"),
    ("POST", "/v1/visitors", None, "visitor:write"),
]
FOR_STAFF = [
    ("GET", "/v1/staff/sessions"),
    ("DELETE", "/v1/staff/sessions/current"),
    ("DELETE", "/v1/staff/sessions/ses_x"),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_good_credential_is_known(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, kind: str
) -> None:
    held = await hold(api, runtime, salon, kind)
    me = await api.get("/v1/me", headers=held.headers)
    assert me.status_code == 200
    assert (me.json()["kind"], me.json()["business_id"]) == (held.kind, salon.business_id)
    assert me.json()["test"] is (kind == "test_key")


@pytest.mark.parametrize("kind", REVOKE)
async def test_a_revoked_credential_ends_at_once(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, kind: str
) -> None:
    held, owner = await hold(api, runtime, salon, kind), await hire(runtime, salon)
    assert (await api.delete(REVOKE[kind].format(held.id), headers=owner.headers)).status_code == 204
    answer = await api.get("/v1/me", headers=held.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert (await api.delete(REVOKE[kind].format(held.id), headers=owner.headers)).status_code == 404


@pytest.mark.parametrize("kind", EXPIRE)
async def test_a_credential_whose_time_is_over_is_unauthorised(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, kind: str
) -> None:
    held = await hold(api, runtime, salon, kind)
    await sql(runtime, salon, EXPIRE[kind], id=held.id)
    assert (await api.get("/v1/me", headers=held.headers)).status_code == 401


@pytest.mark.parametrize("kind", KINDS)
async def test_a_suspended_business_is_told_so_until_it_is_lifted(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, kind: str
) -> None:
    held = await hold(api, runtime, salon, kind)
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=True)
    answer = await api.get("/v1/me", headers=held.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "business_suspended")
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=False)
    assert (await api.get("/v1/me", headers=held.headers)).status_code == 200


@pytest.mark.parametrize("kind", REVOKE)
async def test_another_business_cannot_revoke_a_credential(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon, kind: str
) -> None:
    held, stranger = await hold(api, runtime, salon, kind), await hire(runtime, other_salon)
    assert (await api.delete(REVOKE[kind].format(held.id), headers=stranger.headers)).status_code == 404
    assert (await api.get("/v1/me", headers=held.headers)).status_code == 200


@pytest.mark.parametrize(("method", "path", "body", "scope"), GUARDED)
async def test_a_route_asks_for_its_scope(
    api: httpx.AsyncClient,
    runtime: Runtime,
    salon: Salon,
    method: str,
    path: str,
    body: dict[str, str] | None,
    scope: str,
) -> None:
    visitor = await hold(api, runtime, salon, "visitor")
    anonymous = await api.request(method, path, json=body)
    without = await api.request(method, path, json=body, headers=visitor.headers)
    allowed = await api.request(method, path, json=body, headers=salon.headers)
    assert anonymous.status_code == 401
    assert (without.status_code, without.json()["code"]) == (403, "forbidden")
    assert scope in without.json()["detail"]
    assert allowed.status_code in (200, 201, 404)


@pytest.mark.parametrize(("method", "path"), FOR_STAFF)
async def test_sessions_are_for_staff(api: httpx.AsyncClient, salon: Salon, method: str, path: str) -> None:
    assert (await api.request(method, path)).status_code == 401
    assert (await api.request(method, path, headers=salon.headers)).status_code == 403


@pytest.mark.parametrize(
    "token", ["vk_", "vk_live", "vs_x", "vx_x", "vr_x", "vt_x", "vi_x", "vp_x", "zz_x", "\x00"]
)
async def test_no_other_word_is_a_credential(api: httpx.AsyncClient, token: str) -> None:
    assert (await api.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401


async def test_a_refresh_token_ticket_or_letter_is_no_credential(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    ticket = (await api.post("/v1/tickets", json={}, headers=salon.headers)).json()["ticket"]
    for token in (member.refresh, ticket):
        answer = await api.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_what_ended_a_week_ago_is_forgotten_and_nothing_else(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    old, new = [await hold(api, runtime, salon, "visitor") for _ in range(2)]
    gone, here = await hire(runtime, salon), await hire(runtime, salon)
    ended = "UPDATE visitor_tokens SET expires_at = now() - interval '8 days' WHERE customer_id = :id"
    await sql(runtime, salon, ended, id=old.id)
    left = "UPDATE staff_sessions SET revoked_at = now() - interval '8 days' WHERE id = :id"
    await sql(runtime, salon, left, id=gone.session_id)
    await accounts.forget_ended(runtime.db, older_than=timedelta(days=7))
    async with runtime.db.tenant(salon.business_id) as unit:
        tokens = await unit.all(text("SELECT customer_id FROM visitor_tokens"))
        sessions = await unit.all(text("SELECT id FROM staff_sessions"))
    assert [row.customer_id for row in tokens] == [new.id]
    assert [row.id for row in sessions] == [here.session_id]


@pytest.mark.parametrize("function", ["every_business()", "forget_ended_credentials(interval '1 day')"])
async def test_what_the_operator_sees_no_caller_does(runtime: Runtime, salon: Salon, function: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.tenant(salon.business_id) as unit:
            await unit.execute(text(f"SELECT {function}"))
