"""Server keys: what they may do, their rotation, and test keys on sample photos."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from benchmarks.journey import CONSENT
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import Scope
from tests.integration.callers import bearer, hold, sql
from tests.integration.conftest import Salon

RED = [{"designs": ["des_polish_lacquer_red"]}]


async def works(api: httpx.AsyncClient, secret: str) -> bool:
    return (await api.get("/v1/me", headers=bearer(secret))).status_code == 200


async def test_a_made_key_shows_its_secret_once(api: httpx.AsyncClient, salon: Salon) -> None:
    asked = {"name": "shop", "scopes": ["catalog:read", "visitor:write"]}
    made = (await api.post("/v1/keys", json=asked, headers=salon.headers)).json()
    listed = (await api.get("/v1/keys", headers=salon.headers)).json()["items"]
    assert made["secret"].startswith("vk_live_")
    assert made["secret"] not in str(listed)
    assert listed[0]["hint"] == f"vk_live_…{made['secret'][-4:]}"
    me = (await api.get("/v1/me", headers=bearer(made["secret"]))).json()
    assert me["scopes"] == asked["scopes"]


async def test_a_key_makes_no_key_that_may_do_more(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        small = await accounts.create_key(unit, "small", (Scope.KEY_WRITE, Scope.CATALOG_READ))
    headers = bearer(small.secret)
    answer = await api.post("/v1/keys", json={"name": "x", "scopes": ["tryon:read"]}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    listed = (await api.get("/v1/keys", headers=headers)).json()["items"]
    first = listed[-1]["id"]
    assert (await api.post(f"/v1/keys/{first}/rotate", json={}, headers=headers)).status_code == 403
    child = (await api.post("/v1/keys", json={"name": "x"}, headers=headers)).json()
    assert child["scopes"] == ["catalog:read", "key:write"]


async def test_two_keys_live_while_one_is_rotated_and_no_third(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    old = (await api.post("/v1/keys", json={"name": "shop"}, headers=salon.headers)).json()
    new = (await api.post(f"/v1/keys/{old['id']}/rotate", json={}, headers=salon.headers)).json()
    assert new["replaces"] == old["id"]
    assert await works(api, old["secret"])
    assert await works(api, new["secret"])
    for key in (old, new):
        third = await api.post(f"/v1/keys/{key['id']}/rotate", json={}, headers=salon.headers)
        assert (third.status_code, third.json()["code"]) == (409, "key_rotating")
    ends = next(
        item["expires_at"]
        for item in (await api.get("/v1/keys", headers=salon.headers)).json()["items"]
        if item["id"] == old["id"]
    )
    assert timedelta(hours=23) < datetime.fromisoformat(ends) - datetime.now(UTC) <= timedelta(hours=24)
    await sql(runtime, salon, "UPDATE api_keys SET expires_at = now() WHERE id = :id", id=old["id"])
    assert not await works(api, old["secret"])
    assert (await api.post(f"/v1/keys/{new['id']}/rotate", json={}, headers=salon.headers)).status_code == 201


async def test_of_two_who_rotate_a_key_at_once_one_gets_a_successor(
    api: httpx.AsyncClient, salon: Salon
) -> None:
    old = (await api.post("/v1/keys", json={"name": "shop"}, headers=salon.headers)).json()
    rotate = f"/v1/keys/{old['id']}/rotate"
    answers = await asyncio.gather(*(api.post(rotate, json={}, headers=salon.headers) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_without_an_overlap_the_old_key_ends_at_once(api: httpx.AsyncClient, salon: Salon) -> None:
    old = (await api.post("/v1/keys", json={"name": "shop"}, headers=salon.headers)).json()
    rotate = f"/v1/keys/{old['id']}/rotate"
    new = (await api.post(rotate, json={"overlap_hours": 0}, headers=salon.headers)).json()
    assert (await works(api, old["secret"]), await works(api, new["secret"])) == (False, True)


async def test_a_key_that_expires_keeps_its_length_of_life(api: httpx.AsyncClient, salon: Salon) -> None:
    at = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    old = (await api.post("/v1/keys", json={"name": "x", "expires_at": at}, headers=salon.headers)).json()
    new = (await api.post(f"/v1/keys/{old['id']}/rotate", json={}, headers=salon.headers)).json()
    longer = datetime.fromisoformat(new["expires_at"]) - datetime.fromisoformat(old["expires_at"])
    assert timedelta() <= longer < timedelta(minutes=1)


async def test_a_key_cannot_expire_in_the_past(api: httpx.AsyncClient, salon: Salon) -> None:
    body = {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}
    answer = await api.post("/v1/keys", json=body, headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_expiry")


async def test_another_business_cannot_rotate_a_key(
    api: httpx.AsyncClient, salon: Salon, other_salon: Salon
) -> None:
    key = (await api.post("/v1/keys", json={"name": "x"}, headers=salon.headers)).json()
    answer = await api.post(f"/v1/keys/{key['id']}/rotate", json={}, headers=other_salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_key")
    listed = (await api.get("/v1/keys", headers=other_salon.headers)).json()["items"]
    assert key["id"] not in {item["id"] for item in listed}


async def test_the_last_use_is_noted_once_a_minute(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    async def noted() -> str | None:
        listed = (await api.get("/v1/keys", headers=salon.headers)).json()["items"]
        return next(item["last_used_at"] for item in listed if item["id"] == held.id)

    held = await hold(api, runtime, salon, "key")
    assert await noted() is None
    await api.get("/v1/me", headers=held.headers)
    first = await noted()
    await api.get("/v1/me", headers=held.headers)
    assert first is not None
    assert await noted() == first
    earlier = "UPDATE api_keys SET last_used_at = now() - interval '61 seconds' WHERE id = :id"
    await sql(runtime, salon, earlier, id=held.id)
    await api.get("/v1/me", headers=held.headers)
    assert (await noted() or "") > first


async def test_keys_are_listed_in_pages(api: httpx.AsyncClient, salon: Salon) -> None:
    for name in ("b", "c"):
        await api.post("/v1/keys", json={"name": name}, headers=salon.headers)
    first = (await api.get("/v1/keys?limit=2", headers=salon.headers)).json()
    rest = (await api.get(f"/v1/keys?limit=2&cursor={first['next_cursor']}", headers=salon.headers)).json()
    assert [item["name"] for item in (*first["items"], *rest["items"])] == ["c", "b", "test"]
    assert rest["next_cursor"] is None


async def test_a_test_key_takes_no_upload_but_samples(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    key = await hold(api, runtime, salon, "test_key")
    visitor = bearer((await api.post("/v1/visitors", headers=key.headers)).json()["token"])
    consent = (await api.post("/v1/consents", json=CONSENT, headers=visitor)).json()["id"]
    upload = await api.post(
        "/v1/photos", files={"file": ("p", hand_photo)}, data={"consent_id": consent}, headers=visitor
    )
    assert (upload.status_code, upload.json()["code"]) == (403, "test_key_upload")
    samples = (await api.get("/v1/sample-photos")).json()
    assert {sample["shows"] for sample in samples} == {"hands", "faces"}
    taken = await api.post(
        f"/v1/sample-photos/{samples[0]['id']}", json={"consent_id": consent}, headers=visitor
    )
    assert taken.status_code == 201
    body = {"photo_id": taken.json()["id"], "looks": RED}
    tryon = (await api.post("/v1/tryons", json=body, headers=visitor)).json()
    assert tryon["test"] is True


@pytest.mark.parametrize("sample_id", ["nothing", "..%2fhands", "../../catalog"])
async def test_only_samples_are_samples(api: httpx.AsyncClient, salon: Salon, sample_id: str) -> None:
    body = {"consent_id": "con_x"}
    answer = await api.post(f"/v1/sample-photos/{sample_id}", json=body, headers=salon.headers)
    assert answer.status_code in (404, 405)


async def test_test_and_live_callers_do_not_see_each_other(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    test_key = await hold(api, runtime, salon, "test_key")
    found: dict[str, tuple[str, str]] = {}
    for name, headers in (("live", salon.headers), ("test", test_key.headers)):
        minted = (await api.post("/v1/visitors", headers=headers)).json()
        visitor = bearer(minted["token"])
        consent = (await api.post("/v1/consents", json=CONSENT, headers=visitor)).json()["id"]
        sample = {"consent_id": consent}
        photo = (await api.post("/v1/sample-photos/open_01_left", json=sample, headers=visitor)).json()["id"]
        tryon = await api.post("/v1/tryons", json={"photo_id": photo, "looks": RED}, headers=visitor)
        found[name] = (tryon.json()["id"], minted["customer_id"])
    for name, headers in (("live", salon.headers), ("test", test_key.headers)):
        other, customer = found["test" if name == "live" else "live"]
        listed = (await api.get("/v1/tryons", headers=headers)).json()["items"]
        assert [item["id"] for item in listed] == [found[name][0]]
        assert (await api.get(f"/v1/tryons/{other}", headers=headers)).status_code == 404
        body = {**CONSENT, "customer_id": customer}
        assert (await api.post("/v1/consents", json=body, headers=headers)).status_code == 422


async def test_a_test_key_administers_nothing(api: httpx.AsyncClient, salon: Salon) -> None:
    asked = {"name": "x", "test": True, "scopes": ["key:write"]}
    answer = await api.post("/v1/keys", json=asked, headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    key = (await api.post("/v1/keys", json={"name": "x", "test": True}, headers=salon.headers)).json()
    assert key["secret"].startswith("vk_test_")
    assert {
        scope for scope in key["scopes"] if scope.split(":")[0] in ("key", "staff", "kiosk", "business")
    } == set()
