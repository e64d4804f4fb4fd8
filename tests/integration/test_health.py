"""`/health/ready`: what is missing is named; a balancer looks elsewhere only where that helps."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
from sqlalchemy import delete

from kit import clock
from kit.outbox import add
from kit.outbox.heartbeat import beat, leave
from kit.outbox.queues import CPU, GPU
from kit.outbox.tables import jobs
from kit.runtime import Runtime
from modules.photos.jobs import ExpirePhoto
from tests.integration.conftest import Salon, another_api


async def test_without_workers_the_api_stays_in_rotation_and_says_so(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    async with runtime.db.system() as unit:
        await beat(unit, worker="here", queue=GPU, pid=1)

    answer = await api.get("/health/ready")

    async with runtime.db.system() as unit:
        await leave(unit, worker="here")
    assert (answer.status_code, "retry-after" in answer.headers) == (200, False)
    found = answer.json()
    assert (found["ready"], found["degraded"]) == (True, True)
    assert found["checks"]["workers"] == {"ok": False, "detail": f"no worker on: {CPU}"}
    assert [
        name for name in ("database", "redis", "storage", "staying") if not found["checks"][name]["ok"]
    ] == []


async def test_a_queue_that_stands_still_is_named(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        job_id = await add(unit, ExpirePhoto("pho_none"), at=clock.now() - timedelta(days=10))

    answer = await api.get("/health/ready")

    async with runtime.db.system() as unit:
        await unit.execute(delete(jobs).where(jobs.c.id == job_id))
    queues = answer.json()["checks"]["queues"]
    assert (answer.status_code, queues["ok"]) == (200, False)
    assert f"'{CPU}': 8640" in queues["detail"]


async def test_without_redis_a_balancer_is_told_to_look_elsewhere(runtime: Runtime) -> None:
    away = msgspec.structs.replace(runtime.settings.redis, url="redis://127.0.0.1:1")
    async with another_api(runtime.settings, redis=away) as api:
        answer = await api.get("/health/ready")

    found = answer.json()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert (found["ready"], found["checks"]["redis"]["ok"], found["checks"]["database"]["ok"]) == (
        False,
        False,
        True,
    )
