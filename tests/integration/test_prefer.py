"""`Prefer: wait`: the answer comes when the work has ended, and nothing is held meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from benchmarks.journey import Visitor
from kit.news import News, tell
from kit.runtime import Runtime
from modules.tryon import store
from modules.tryon.states import Status
from modules.tryon.tables import tryons
from tests.integration.conftest import Salon

_IDLE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user"
    " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
)


async def queued(runtime: Runtime, salon: Salon) -> str:
    """The salon's try-on, as soon as it is there."""
    while True:
        async with runtime.db.tenant(salon.business_id) as unit:
            row = await unit.one_or_none(select(tryons.c.id))
        if row is not None:
            return str(row.id)
        await asyncio.sleep(0.02)


@pytest.fixture
def ask(api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes) -> Any:
    async def post(wait: str, **headers: str) -> httpx.Response:
        photo_id = getattr(visitor, "photo_id", None) or await visitor.upload(hand_photo)
        visitor.photo_id = photo_id  # type: ignore[attr-defined]
        bearer = {"Authorization": f"Bearer {visitor.token}", "Prefer": wait, **headers}
        body = {"photo_id": photo_id, "looks": [{"designs": ["des_polish_lacquer_red"]}]}
        return await api.post("/v1/tryons", json=body, headers=bearer)

    return post


@pytest.mark.parametrize("told", [True, False])
async def test_a_try_on_that_ends_in_time_is_answered_with_its_end(
    runtime: Runtime, salon: Salon, ask: Any, told: bool
) -> None:
    asking = asyncio.create_task(ask("wait=6"))
    tryon_id = await queued(runtime, salon)
    await asyncio.sleep(0.2)
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await unit.execute(_IDLE)).scalar_one() == 0
        ended = await store.end(unit, tryon_id, Status.FAILED, error_code="photo_gone")
    assert ended is not None
    if told:
        await tell(runtime.redis, tryon_id, News(ended.status, ended.version))
    answer = await asking
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (200, tryon_id, "failed")
    assert answer.headers["preference-applied"] == "wait=6"
    assert int(answer.headers["content-length"]) == len(answer.content)


async def test_a_try_on_that_takes_longer_is_answered_as_accepted(ask: Any) -> None:
    answer = await ask("wait=1")
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.headers["preference-applied"] == "wait=1"


async def test_without_the_preference_nothing_is_applied(ask: Any) -> None:
    answer = await ask("respond-async")
    assert (answer.status_code, "preference-applied" in answer.headers) == (202, False)


async def test_a_refusal_does_not_wait(api: httpx.AsyncClient, visitor: Visitor) -> None:
    body = {"photo_id": "pho_none", "looks": [{"designs": ["des_polish_lacquer_red"]}]}
    headers = {"Authorization": f"Bearer {visitor.token}", "Prefer": "wait=10"}
    answer = await api.post("/v1/tryons", json=body, headers=headers)
    assert (answer.status_code, "preference-applied" in answer.headers) == (404, False)


async def test_a_repeat_under_a_key_waits_for_the_same_try_on(
    runtime: Runtime, salon: Salon, ask: Any
) -> None:
    first = await ask("wait=1", **{"Idempotency-Key": "k"})
    async with runtime.db.tenant(salon.business_id) as unit:
        await store.end(unit, first.json()["id"], Status.FAILED, error_code="photo_gone")
    again = await ask("wait=1", **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
