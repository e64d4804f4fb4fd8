"""The relay's side: which jobs are due, which leases ran out, which events wait for their subscribers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, case, delete, func, insert, select, update

from kit.db.unit import Unit
from kit.ids import new_id
from kit.metrics import JOBS_ENDED
from kit.outbox.claim import LEASE_EXPIRED
from kit.outbox.command import Command
from kit.outbox.tables import jobs, outbox

# A message that Redis lost is sent again after 20 s, then 40 s, then every 60 s; claiming makes doubles harmless.
_RESEND_S = case((jobs.c.dispatches == 0, 20), (jobs.c.dispatches == 1, 40), else_=60)


class Due(Struct, frozen=True):
    """A job to send to its queue."""

    id: str
    kind: str
    queue: str


async def take_due(unit: Unit, *, limit: int = 200) -> list[Due]:
    """Jobs to send now, oldest first; they are due again later unless a worker claims them."""
    due = (
        select(jobs.c.id)
        .where(jobs.c.state == "queued", jobs.c.dispatch_at <= func.now())
        .order_by(jobs.c.dispatch_at, jobs.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = await unit.all(
        update(jobs)
        .where(jobs.c.id.in_(due))
        .values(dispatch_at=func.now() + _RESEND_S * timedelta(seconds=1), dispatches=jobs.c.dispatches + 1)
        .returning(jobs.c.id, jobs.c.kind, jobs.c.queue)
    )
    return sorted((Due(row.id, row.kind, row.queue) for row in rows), key=lambda due: due.id)


async def make_all_due(unit: Unit) -> int:
    """Send every waiting job again: the queue has lost its memory. Returns how many there are.

    Jobs that wait for a retry keep their delay.
    """
    waiting = await unit.execute(
        update(jobs).where(jobs.c.state == "queued", jobs.c.dispatches > 0).values(dispatch_at=func.now())
    )
    return waiting.rowcount


async def reap(unit: Unit, *, max_attempts: int, last_words: Mapping[str, type[Command]]) -> list[str]:
    """Give jobs whose lease ran out back to their queue; after `max_attempts` they fail.

    `last_words` names, per kind, the command that tells the customer about the failure. Returns the queues, one
    per job.
    """
    expired = (jobs.c.state == "running", jobs.c.lease_until < func.now())
    back = await unit.all(
        update(jobs)
        .where(*expired, jobs.c.attempts < max_attempts)
        .values(
            state="queued",
            error=LEASE_EXPIRED,
            lease_until=None,
            worker=None,
            dispatches=0,
            dispatch_at=func.now(),
            token=jobs.c.token + 1,
        )
        .returning(jobs.c.queue)
    )
    poison = await unit.all(
        update(jobs)
        .where(*expired, jobs.c.attempts >= max_attempts)
        .values(
            state="failed",
            lease_until=None,
            error=LEASE_EXPIRED,
            finished_at=func.now(),
            token=jobs.c.token + 1,
        )
        .returning(jobs.c.business_id, jobs.c.kind, jobs.c.payload, jobs.c.queue)
    )
    for row in poison:
        JOBS_ENDED.labels(row.kind, "dead").inc()
        if command := last_words.get(row.kind):
            await _insert(unit, row.business_id, command, row.payload)
    return [row.queue for row in (*back, *poison)]


async def fan_out(unit: Unit, subscribers: Mapping[str, Sequence[type[Command]]], *, limit: int = 200) -> int:
    """Turn waiting events into one job for each subscriber; returns how many events there were."""
    waiting = select(outbox.c.id).order_by(outbox.c.id).limit(limit).with_for_update(skip_locked=True)
    events = await unit.all(
        delete(outbox)
        .where(outbox.c.id.in_(waiting))
        .returning(outbox.c.id, outbox.c.business_id, outbox.c.topic, outbox.c.payload, outbox.c.created_at)
    )
    for event in sorted(events, key=lambda event: event.id):
        for command in subscribers.get(event.topic, ()):
            await _insert(unit, event.business_id, command, _heard(command, event))
    return len(events)


def _heard(command: type[Command], event: Row[Any]) -> dict[str, Any]:
    if not command.whole_event:
        return dict(event.payload)
    return {"topic": event.topic, "told": event.payload, "at": event.created_at.isoformat()}


async def forget_ended(unit: Unit, *, older_than: timedelta) -> int:
    """Delete jobs that ended long ago; returns how many."""
    gone = await unit.execute(
        delete(jobs).where(
            jobs.c.state.in_(("done", "failed", "cancelled")), jobs.c.run_at < func.now() - older_than
        )
    )
    return gone.rowcount


async def _insert(unit: Unit, business_id: str, command: type[Command], payload: dict[str, Any]) -> None:
    await unit.execute(
        insert(jobs).values(
            id=new_id("job"), business_id=business_id, kind=command.kind, queue=command.queue, payload=payload
        )
    )
