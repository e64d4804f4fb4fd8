"""Jobs: claimed once, fenced when lost, given on when their worker dies, sent again when Redis forgets."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from sqlalchemy import select

from kit.db.engine import Database
from kit.outbox import Command, Event, add, emit
from kit.outbox.claim import Fenced, Job, claim, finish, renew, retry_later
from kit.outbox.dispatch import fan_out, make_all_due, reap, take_due
from kit.outbox.run import held
from kit.outbox.tables import jobs
from kit.outbox.write import cancel
from kit.runtime import Runtime
from tests.integration.conftest import Salon


class Paint(Command, frozen=True):
    kind: ClassVar[str] = "test.paint"
    queue: ClassVar[str] = "test"
    subject: str


class Mourn(Command, frozen=True):
    kind: ClassVar[str] = "test.mourn"
    queue: ClassVar[str] = "test"
    subject: str


class Painted(Event, frozen=True):
    topic: ClassVar[str] = "test.painted"
    subject: str


async def queued(runtime: Runtime, salon: Salon) -> str:
    async with runtime.db.tenant(salon.business_id) as unit:
        return await add(unit, Paint("nail"))


async def taken(db: Database, job_id: str, lease_s: float = 30) -> Job:
    job = await claim(db, job_id, worker="test", lease_s=lease_s)
    assert job is not None
    return job


async def state_of(runtime: Runtime, salon: Salon, job_id: str) -> str:
    async with runtime.db.tenant(salon.business_id) as unit:
        row = await unit.one_or_none(select(jobs.c.state).where(jobs.c.id == job_id))
    assert row is not None
    return str(row.state)


async def test_of_many_workers_one_gets_the_job(runtime: Runtime, salon: Salon) -> None:
    job_id = await queued(runtime, salon)
    claims = await asyncio.gather(*(claim(runtime.db, job_id, worker=f"w{n}", lease_s=30) for n in range(20)))
    assert sum(job is not None for job in claims) == 1


async def test_a_job_rolled_back_was_never_queued(runtime: Runtime, salon: Salon) -> None:
    made: list[str] = []

    async def fail_after_queueing() -> None:
        async with runtime.db.tenant(salon.business_id) as unit:
            made.append(await add(unit, Paint("nail")))
            raise RuntimeError("the rest of the work failed")

    with pytest.raises(RuntimeError):
        await fail_after_queueing()
    (job_id,) = made
    assert await claim(runtime.db, job_id, worker="test", lease_s=30) is None


async def test_a_worker_past_its_lease_cannot_write(runtime: Runtime, salon: Salon) -> None:
    first = await taken(runtime.db, await queued(runtime, salon), lease_s=0.01)
    await asyncio.sleep(0.05)
    async with runtime.db.system() as unit:
        await reap(unit, max_attempts=3, last_words={})
    second = await taken(runtime.db, first.id)
    with pytest.raises(Fenced):
        async with runtime.db.tenant(salon.business_id) as unit:
            await finish(unit, first)
    async with runtime.db.tenant(salon.business_id) as unit:
        await finish(unit, second)
    assert (first.attempts, second.attempts) == (1, 2)
    assert await state_of(runtime, salon, first.id) == "done"


async def test_a_renewed_lease_is_not_reaped(runtime: Runtime, salon: Salon) -> None:
    job = await taken(runtime.db, await queued(runtime, salon), lease_s=0.2)
    assert await renew(runtime.db, job, lease_s=60)
    await asyncio.sleep(0.3)
    async with runtime.db.system() as unit:
        await reap(unit, max_attempts=3, last_words={})
    assert await state_of(runtime, salon, job.id) == "running"


async def test_a_poison_job_fails_after_three_deliveries_and_says_so(runtime: Runtime, salon: Salon) -> None:
    job_id = await queued(runtime, salon)
    for _ in range(3):
        await taken(runtime.db, job_id, lease_s=0.01)
        await asyncio.sleep(0.05)
        async with runtime.db.system() as unit:
            await reap(unit, max_attempts=3, last_words={Paint.kind: Mourn})
    assert await state_of(runtime, salon, job_id) == "failed"
    assert await claim(runtime.db, job_id, worker="test", lease_s=30) is None
    async with runtime.db.tenant(salon.business_id) as unit:
        mourning = await unit.all(select(jobs.c.payload).where(jobs.c.kind == Mourn.kind))
    assert [row.payload for row in mourning] == [{"subject": "nail"}]


async def test_a_cancelled_job_fences_its_worker_off(runtime: Runtime, salon: Salon) -> None:
    job = await taken(runtime.db, await queued(runtime, salon))
    async with runtime.db.tenant(salon.business_id) as unit:
        assert await cancel(unit, job.id)
    assert not await renew(runtime.db, job, lease_s=30)
    with pytest.raises(Fenced):
        async with runtime.db.tenant(salon.business_id) as unit:
            await finish(unit, job)


async def test_another_salon_cannot_cancel_a_job(runtime: Runtime, salon: Salon, other_salon: Salon) -> None:
    job_id = await queued(runtime, salon)
    async with runtime.db.tenant(other_salon.business_id) as unit:
        assert not await cancel(unit, job_id)


async def test_a_due_job_is_sent_once_and_again_when_redis_forgets(runtime: Runtime, salon: Salon) -> None:
    job_id = await queued(runtime, salon)

    async def sent() -> bool:
        async with runtime.db.system() as unit:
            return job_id in {due.id for due in await take_due(unit, limit=1000)}

    assert await sent()
    assert not await sent()
    async with runtime.db.system() as unit:
        await make_all_due(unit)
    assert await sent()


async def test_a_job_that_waits_for_its_retry_keeps_its_delay_when_redis_forgets(
    runtime: Runtime, salon: Salon
) -> None:
    job = await taken(runtime.db, await queued(runtime, salon))
    await retry_later(runtime.db, job, "storage_away", delay_s=60)
    async with runtime.db.system() as unit:
        await make_all_due(unit)
        assert job.id not in {due.id for due in await take_due(unit, limit=1000)}


async def test_an_event_becomes_one_job_for_each_subscriber(runtime: Runtime, salon: Salon) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        await emit(unit, Painted("nail"))
    told: list[list[str]] = []
    while len(told) < 2:  # an event is told once, however often the relay looks
        async with runtime.db.system() as unit:
            await fan_out(unit, {Painted.topic: (Paint, Mourn)})
        async with runtime.db.tenant(salon.business_id) as unit:
            kinds = [row.kind for row in await unit.all(select(jobs.c.kind).order_by(jobs.c.kind))]
        if kinds:  # not at once where many events of earlier tests wait before it
            told.append(kinds)
    assert told == [["test.mourn", "test.paint"]] * 2


async def test_a_job_whose_worker_was_lost_is_carried_out_alone(attached: Runtime, salon: Salon) -> None:
    suspect_id = await queued(attached, salon)
    await taken(attached.db, suspect_id, lease_s=0.01)
    await asyncio.sleep(0.05)
    async with attached.db.system() as unit:
        await reap(unit, max_attempts=3, last_words={})
    story: list[str] = []
    may_end = {name: asyncio.Event() for name in ("before", "suspect")}

    async def carry_out(name: str, job_id: str) -> None:
        async with held(job_id) as job:
            assert job is not None
            story.append(f"{name} begins")
            if name in may_end:
                await may_end[name].wait()
            story.append(f"{name} ends")

    async with asyncio.timeout(30), asyncio.TaskGroup() as side_by_side:
        for name, job_id in (
            ("before", await queued(attached, salon)),
            ("suspect", suspect_id),
            ("after", await queued(attached, salon)),
        ):
            side_by_side.create_task(carry_out(name, job_id))
            await asyncio.sleep(0.2)
        assert await state_of(attached, salon, suspect_id) == "running"
        assert story == ["before begins"]
        for name in may_end:
            may_end[name].set()
            await asyncio.sleep(0.2)
    assert story == [
        f"{name} {what}" for name in ("before", "suspect", "after") for what in ("begins", "ends")
    ]
