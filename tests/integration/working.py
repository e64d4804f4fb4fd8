"""A relay and a worker that do at once what is due, in this process."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import dramatiq
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import func, select

from kit.outbox.dispatch import fan_out
from kit.outbox.tables import jobs
from kit.runtime import Runtime, attach
from tests.integration.conftest import Salon
from workers.subscriptions import SUBSCRIBERS

dramatiq.set_broker(StubBroker())


@asynccontextmanager
async def attached(runtime: Runtime, **changes: Any) -> AsyncIterator[Runtime]:
    """This process as a worker."""
    here = dataclasses.replace(runtime, **changes)
    attach(here)
    yield here
    attach(None)


async def work(here: Runtime, salon: Salon, actors: Sequence[Any], *, rounds: int = 10) -> None:
    """Tell events and do the salon's jobs of these actors that are not for later, until there are none."""
    by_kind = {actor.actor_name: actor for actor in actors}
    for _ in range(rounds):
        async with here.db.system() as unit:
            await fan_out(unit, SUBSCRIBERS, limit=10_000)
        async with here.db.tenant(salon.business_id) as unit:
            due = await unit.all(
                select(jobs.c.id, jobs.c.kind)
                .where(jobs.c.state == "queued", jobs.c.kind.in_(by_kind), jobs.c.run_at <= func.now())
                .order_by(jobs.c.id)
            )
        if not due:
            return
        for row in due:
            await by_kind[row.kind].fn.__wrapped__(row.id)
    raise AssertionError("there is no end of it")
