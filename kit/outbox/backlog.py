"""How much waits in a queue, and how fast it drains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select

from kit.db.unit import Unit
from kit.outbox.tables import jobs

_LATELY = 50
"""Jobs from which the pace is read."""


class Backlog(Struct, frozen=True):
    """Jobs that are due and wait, by business; the oldest one's age; how many a second are done while there are any.

    The age is of jobs that nobody has tried yet: one that is tried again waits for its own reasons. The pace is 0
    while nothing is known of it.
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
    return Backlog(
        waiting={row.business_id: row.waiting for row in rows},
        age_s=max((float(row.age_s) for row in rows), default=0.0),
        per_s=float((await unit.execute(_pace(queue))).scalar_one() or 0),
    )


def _pace(queue: str) -> Select[Any]:
    """Jobs over the time that they took the queue: from when a job was due, or the one before was done, to its end.

    So a queue with nothing to do loses no pace, and workers side by side add theirs while all of them work.
    """
    done = (
        select(jobs.c.run_at, jobs.c.finished_at)
        .where(jobs.c.queue == queue, jobs.c.state == "done")
        .order_by(jobs.c.finished_at.desc())
        .limit(_LATELY)
        .subquery()
    )
    before: ColumnElement[datetime] = func.lag(done.c.finished_at).over(order_by=done.c.finished_at)
    took = func.extract("epoch", done.c.finished_at - func.greatest(done.c.run_at, before))
    spent = select(took.label("s"), before.label("before")).subquery()
    return select(func.count() / func.nullif(func.sum(spent.c.s), 0)).where(spent.c.before.is_not(None))
