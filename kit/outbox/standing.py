"""How far behind jobs and events are: what an operator watches."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, func, select

from kit.db.unit import Unit
from kit.outbox.tables import jobs, outbox


class Waiting(Struct, frozen=True):
    """Due jobs of one kind that no worker has begun. age_s: how long the oldest has been due."""

    queue: str
    kind: str
    depth: int
    age_s: float


class Standing(Struct, frozen=True):
    """relay_lag_s: how long the job that is due longest has not been sent; 0 where all are sent."""

    waiting: tuple[Waiting, ...]
    relay_lag_s: float
    events: int
    events_age_s: float

    def depth(self, queue: str) -> int:
        """How many jobs of a queue wait."""
        return sum(one.depth for one in self.waiting if one.queue == queue)

    def age_s(self, queue: str) -> float:
        """How long the oldest of them has been due."""
        return max((one.age_s for one in self.waiting if one.queue == queue), default=0.0)


async def standing(unit: Unit) -> Standing:
    """The state of every queue and of the outbox, for a system unit."""
    due = jobs.c.state == "queued"
    waiting = await unit.all(
        select(jobs.c.queue, jobs.c.kind, func.count().label("depth"), _age(jobs.c.run_at))
        .where(due, jobs.c.run_at <= func.now())
        .group_by(jobs.c.queue, jobs.c.kind)
    )
    unsent = await unit.execute(select(_age(jobs.c.dispatch_at)).where(due, jobs.c.dispatch_at <= func.now()))
    events = (await unit.execute(select(func.count().label("events"), _age(outbox.c.created_at)))).one()
    return Standing(
        tuple(Waiting(row.queue, row.kind, row.depth, float(row.age_s)) for row in waiting),
        float(unsent.scalar_one()),
        events.events,
        float(events.age_s),
    )


def _age(since: Column[Any]) -> ColumnElement[int]:
    """Seconds since the earliest of these times; 0 where there is none."""
    return func.coalesce(func.extract("epoch", func.now() - func.min(since)), 0).label("age_s")
