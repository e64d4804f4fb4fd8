"""How much waits in a queue, and how fast it drains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct
from sqlalchemy import func, select

from kit.db.unit import Unit
from kit.outbox.tables import jobs

_LATELY = timedelta(minutes=1)


class Backlog(Struct, frozen=True):
    """Jobs that are due and wait, by business; the oldest one's age; jobs done a second over the last minute.

    The age is of jobs that nobody has tried yet: one that is tried again waits for its own reasons.
    """

    waiting: Mapping[str, int]
    age_s: float
    per_s: float

    @property
    def depth(self) -> int:
        """Jobs of all businesses."""
        return sum(self.waiting.values())


async def backlog(unit: Unit, queue: str) -> Backlog:
    """The state of a queue, for a system unit."""
    untried = func.min(jobs.c.run_at).filter(jobs.c.attempts == 0)
    rows = await unit.all(
        select(
            jobs.c.business_id,
            func.count().label("waiting"),
            func.coalesce(func.extract("epoch", func.now() - untried), 0).label("age_s"),
        )
        .where(jobs.c.queue == queue, jobs.c.state == "queued", jobs.c.run_at <= func.now())
        .group_by(jobs.c.business_id)
    )
    done = await unit.execute(
        select(func.count()).where(
            jobs.c.queue == queue, jobs.c.state == "done", jobs.c.finished_at > func.now() - _LATELY
        )
    )
    return Backlog(
        waiting={row.business_id: row.waiting for row in rows},
        age_s=max((float(row.age_s) for row in rows), default=0.0),
        per_s=done.scalar_one() / _LATELY.total_seconds(),
    )
