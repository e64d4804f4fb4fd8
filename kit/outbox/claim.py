"""A worker's hold on a job: lease, fencing token, and the three ways it ends.

The token grows with every claim. Whoever writes a result must still hold the newest one (`finish` in the
result's own transaction), so a worker that was paused past its lease cannot overwrite its successor.
Source of the idea: Kleppmann, "How to do distributed locking" (2016).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import func, update

from kit.db.engine import Database
from kit.db.unit import Unit
from kit.errors import Conflict
from kit.metrics import JOBS_CLAIMED
from kit.outbox.tables import jobs

LEASE_EXPIRED = "lease_expired"


class Fenced(Conflict):
    """The job was cancelled or given to another worker while this one ran it."""

    code, public = "fenced_off", "Another worker has taken over."


class Job(Struct, frozen=True):
    """A claimed job. attempts counts the deliveries that may be its own fault, this one too; token is the proof
    of holding it, and grows with every delivery; suspect says that its last worker was lost with it in hand.
    """

    id: str
    business_id: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    token: int
    suspect: bool = False


async def claim(db: Database, job_id: str, *, worker: str, lease_s: float) -> Job | None:
    """Take a queued job, or None when there is nothing to take (already taken, ended, or unknown)."""
    async with db.system() as unit:
        row = await unit.one_or_none(
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state == "queued")
            .values(
                state="running",
                attempts=jobs.c.attempts + 1,
                token=jobs.c.token + 1,
                worker=worker,
                lease_until=func.now() + timedelta(seconds=lease_s),
            )
            .returning(
                jobs.c.id,
                jobs.c.business_id,
                jobs.c.kind,
                jobs.c.payload,
                jobs.c.attempts,
                jobs.c.token,
                jobs.c.error.is_not_distinct_from(LEASE_EXPIRED).label("suspect"),
            )
        )
    if row is None:
        return None
    JOBS_CLAIMED.labels(row.kind).inc()
    return Job(**row._mapping)


async def renew(db: Database, job: Job, *, lease_s: float) -> bool:
    """Prolong the lease; False when the job is no longer ours."""
    async with db.system() as unit:
        held = await unit.execute(
            update(jobs)
            .where(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.token == job.token)
            .values(lease_until=func.now() + timedelta(seconds=lease_s))
        )
    return held.rowcount == 1


async def finish(unit: Unit, job: Job) -> None:
    """Mark the job done inside the transaction that writes its result; raises Fenced when it is no longer ours."""
    await _end(unit, job, state="done", error=None)


async def fail(unit: Unit, job: Job, error: str) -> None:
    """Mark the job failed for good inside the transaction that says so to the customer.

    Raises Fenced as `finish` does.
    """
    await _end(unit, job, state="failed", error=error)


async def retry_later(db: Database, job: Job, error: str, *, delay_s: float, counted: bool = True) -> None:
    """Give the job back to the queue after a delay; nothing happens when it is no longer ours.

    counted: whether this delivery is one of those that the job may have.
    """
    async with db.system() as unit:
        await unit.execute(
            update(jobs)
            .where(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.token == job.token)
            .values(
                state="queued",
                attempts=jobs.c.attempts - (0 if counted else 1),
                error=error,
                lease_until=None,
                worker=None,
                dispatches=0,
                dispatch_at=func.now() + timedelta(seconds=delay_s),
            )
        )


async def _end(unit: Unit, job: Job, *, state: str, error: str | None) -> None:
    ended = await unit.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.token == job.token)
        .values(state=state, error=error, lease_until=None, finished_at=func.now())
    )
    if ended.rowcount != 1:
        raise Fenced
