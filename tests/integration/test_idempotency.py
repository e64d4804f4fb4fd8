"""Done once under an Idempotency-Key: doubles wait, repeats get the first answer, a dead request is replaced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from benchmarks.journey import CONSENT, Visitor
from kit import idempotency
from kit.idempotency import Answer, Asked, Claim, claim, finish, release
from kit.idempotency.errors import IdempotencyInFlight, IdempotencyMismatch
from kit.idempotency.tables import idempotency_keys as keys
from kit.runtime import Runtime
from modules.consent.tables import consents
from tests.integration.conftest import Salon

RED, NUDE = (
    {"looks": [{"designs": [name]}]} for name in ("des_polish_lacquer_red", "des_lips_rosewood_satin")
)
DAY = timedelta(days=1)


async def count(runtime: Runtime, salon: Salon, table: Any) -> int:
    async with runtime.db.tenant(salon.business_id) as unit:
        return int((await unit.execute(select(func.count()).select_from(table))).scalar_one())


async def age(runtime: Runtime, salon: Salon, **columns: object) -> None:
    """Set columns of every key of the salon."""
    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(update(keys).values(**columns))


@pytest.fixture
def send(api: httpx.AsyncClient, visitor: Visitor) -> Callable[..., Any]:
    async def post(key: str, body: dict[str, Any], path: str = "/v1/tryons") -> httpx.Response:
        headers = {"Authorization": f"Bearer {visitor.token}", "Idempotency-Key": key}
        return await api.post(path, json=body, headers=headers)

    return post


async def test_a_repeat_gets_the_first_answer(send: Any, visitor: Visitor, hand_photo: bytes) -> None:
    body = {"photo_id": await visitor.upload(hand_photo), **RED}
    first, again = await send("k", body), await send("k", body)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers["content-type"] == again.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


async def test_another_body_under_the_same_key_is_refused(
    send: Any, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    await send("k", {"photo_id": photo_id, **RED})
    answer = await send("k", {"photo_id": photo_id, **NUDE})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


async def test_keys_of_different_routes_callers_and_salons_are_different(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon, send: Any
) -> None:
    assert (await send("k", CONSENT, "/v1/consents")).status_code == 201
    assert (await send("k", {"photo_id": "pho_x", **RED})).json()["code"] == "unknown_photo"
    for headers in (salon.headers, other_salon.headers):
        minted = await api.post("/v1/visitors", headers=headers)
        bearer = {"Authorization": f"Bearer {minted.json()['token']}", "Idempotency-Key": "k"}
        given = await api.post("/v1/consents", json=CONSENT, headers=bearer)
        assert (given.status_code, "idempotency-replayed" in given.headers) == (201, False)
    assert await count(runtime, salon, consents) == 3  # the fixture's, the first, and the second visitor's


async def test_a_refused_request_gives_its_key_back(
    runtime: Runtime, salon: Salon, send: Any, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    for broken in ({"photo_id": "pho_none", **RED}, {"photo_id": photo_id, "looks": []}):
        assert (await send("k", broken)).status_code in (404, 422)
        assert await count(runtime, salon, keys) == 0
    assert (await send("k", {"photo_id": photo_id, **RED})).status_code == 202


async def test_a_photo_sent_twice_is_one_photo(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes
) -> None:
    async def upload(data: bytes) -> httpx.Response:
        return await api.post(
            "/v1/photos",
            files={"file": ("p", data)},
            data={"consent_id": visitor.consent_id},
            headers={"Authorization": f"Bearer {visitor.token}", "Idempotency-Key": "photo"},
        )

    first, again = await upload(hand_photo), await upload(hand_photo)
    assert first.request.headers["content-type"] != again.request.headers["content-type"]  # other boundaries
    assert (first.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert first.json() == again.json()
    other = await upload(hand_photo + b"\0")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_an_answer_with_a_secret_is_never_stored(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    headers = {**salon.headers, "Idempotency-Key": "mint"}
    first, again = [await api.post("/v1/visitors", headers=headers) for _ in range(2)]
    assert first.json()["token"] != again.json()["token"]
    assert await count(runtime, salon, keys) == 0


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\xe9"])
async def test_a_key_that_cannot_be_is_refused(api: httpx.AsyncClient, visitor: Visitor, key: str) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}", "Idempotency-Key": key.encode("latin-1")}
    answer = await api.post("/v1/consents", json=CONSENT, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_invalid")


async def test_the_longest_key_is_taken(send: Any) -> None:
    assert (await send("x" * 255, CONSENT, "/v1/consents")).status_code == 201


async def test_a_live_lease_asks_to_come_back_and_a_dead_one_is_taken_over(
    runtime: Runtime, salon: Salon, visitor: Visitor, send: Any, hand_photo: bytes
) -> None:
    body = {"photo_id": await visitor.upload(hand_photo), **RED}
    assert (await send("k", body)).status_code == 202
    # As a process leaves it that died between the key and the work:
    await age(
        runtime,
        salon,
        answered_at=None,
        status=None,
        body=None,
        lease_until=func.now() + timedelta(seconds=9),
    )

    waiting = await send("k", body)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency_in_flight")
    assert 1 <= int(waiting.headers["retry-after"]) <= 9

    await age(runtime, salon, lease_until=func.now() - timedelta(seconds=1))
    assert (await send("k", {**body, **NUDE})).status_code == 422
    taken_over = await send("k", body)
    assert (taken_over.status_code, "idempotency-replayed" in taken_over.headers) == (202, False)
    assert (await send("k", body)).content == taken_over.content


async def test_a_key_whose_time_is_over_is_new_and_swept(runtime: Runtime, salon: Salon, send: Any) -> None:
    await send("k", CONSENT, "/v1/consents")
    await age(runtime, salon, expires_at=func.now() - timedelta(seconds=1))
    again = await send("k", {**CONSENT, "signature": "other"}, "/v1/consents")
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)

    await send("kept", CONSENT, "/v1/consents")
    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(
            update(keys).where(keys.c.key == "k").values(expires_at=func.now() - timedelta(seconds=1))
        )
    async with runtime.db.system() as unit:
        assert await idempotency.sweep(unit) == 1
    assert await count(runtime, salon, keys) == 1


async def test_the_system_role_sees_no_key_and_no_answer(runtime: Runtime, send: Any) -> None:
    await send("k", CONSENT, "/v1/consents")
    async with runtime.db.system() as unit:
        assert await unit.all(text("SELECT expires_at FROM idempotency_keys")) == []
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.system() as unit:
            await unit.execute(text("SELECT body FROM idempotency_keys"))


async def test_an_erased_customer_leaves_no_stored_answer(
    runtime: Runtime, salon: Salon, api: httpx.AsyncClient, send: Any
) -> None:
    mine = (await send("k", CONSENT, "/v1/consents")).json()["customer_id"]
    about_her = {**CONSENT, "customer_id": mine}
    for key, body in (("by-key", about_her),):
        headers = {**salon.headers, "Idempotency-Key": key}
        assert (await api.post("/v1/consents", json=body, headers=headers)).status_code == 201
    other = (await api.post("/v1/visitors", headers=salon.headers)).json()
    bearer = {"Authorization": f"Bearer {other['token']}", "Idempotency-Key": "k"}
    await api.post("/v1/consents", json=CONSENT, headers=bearer)

    async with runtime.db.tenant(salon.business_id) as unit:
        assert await idempotency.forget(unit, mine) == 2
    assert await count(runtime, salon, keys) == 1


ASKED = Asked("key_x", "POST /v1/things", "k", b"print")


async def take(runtime: Runtime, salon: Salon, asked: Asked = ASKED, lease_s: float = 30) -> Claim:
    async with runtime.db.tenant(salon.business_id) as unit:
        claimed = await claim(unit, asked, lease_s=lease_s, keep=DAY)
    assert isinstance(claimed, Claim)
    return claimed


async def test_a_holder_past_its_lease_is_fenced_off(runtime: Runtime, salon: Salon) -> None:
    slow = await take(runtime, salon, lease_s=-1)
    quick = await take(runtime, salon)
    with pytest.raises(IdempotencyInFlight):
        async with runtime.db.tenant(salon.business_id) as unit:
            await finish(unit, slow, Answer(201, {}, b"slow"))
    async with runtime.db.tenant(salon.business_id) as unit:
        assert not await release(unit, slow)
        await finish(unit, quick, Answer(201, {}, b"quick"))
    async with runtime.db.tenant(salon.business_id) as unit:
        assert await claim(unit, ASKED, lease_s=30, keep=DAY) == Answer(201, {}, b"quick")


async def test_a_key_given_up_and_taken_again_is_not_its_first_holders(
    runtime: Runtime, salon: Salon
) -> None:
    first = await take(runtime, salon)
    async with runtime.db.tenant(salon.business_id) as unit:
        assert await release(unit, first)
    await take(runtime, salon)
    with pytest.raises(IdempotencyInFlight):
        async with runtime.db.tenant(salon.business_id) as unit:
            await finish(unit, first, Answer(201, {}, b""))


async def test_work_that_is_rolled_back_leaves_no_answer(runtime: Runtime, salon: Salon) -> None:
    claimed = await take(runtime, salon)

    async def fail() -> None:
        async with runtime.db.tenant(salon.business_id) as unit:
            await finish(unit, claimed, Answer(201, {}, b"never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    with pytest.raises(IdempotencyInFlight):
        await take(runtime, salon)
    with pytest.raises(IdempotencyMismatch):
        await take(runtime, salon, Asked("key_x", "POST /v1/things", "k", b"other"))
