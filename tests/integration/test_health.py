"""`/health/ready`: what is missing is named, and a balancer is told to look elsewhere."""

from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy import delete

from kit import clock
from kit.outbox import add
from kit.outbox.heartbeat import beat, leave
from kit.outbox.queues import CPU, GPU
from kit.outbox.tables import jobs
from kit.runtime import Runtime
from modules.photos.jobs import ExpirePhoto
from tests.integration.conftest import Salon


async def test_without_workers_the_service_is_not_ready(runtime: Runtime, api: httpx.AsyncClient) -> None:
    async with runtime.db.system() as unit:
        await beat(unit, worker="here", queue=GPU, pid=1)

    answer = await api.get("/health/ready")

    async with runtime.db.system() as unit:
        await leave(unit, worker="here")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    found = answer.json()
    assert found["ready"] is False
    assert found["checks"]["workers"] == {"ok": False, "detail": f"no worker on: {CPU}"}
    assert [
        name for name in ("database", "redis", "storage", "staying") if not found["checks"][name]["ok"]
    ] == []


async def test_a_queue_that_stands_still_is_named(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        job_id = await add(unit, ExpirePhoto("pho_none"), at=clock.now() - timedelta(days=10))

    queues = (await api.get("/health/ready")).json()["checks"]["queues"]

    async with runtime.db.system() as unit:
        await unit.execute(delete(jobs).where(jobs.c.id == job_id))
    assert not queues["ok"]
    assert f"'{CPU}': 8640" in queues["detail"]
