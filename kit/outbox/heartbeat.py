"""Workers say that they live; readiness and the operator read it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Unit
from kit.outbox.tables import worker_heartbeats

FRESH = timedelta(seconds=15)


async def beat(unit: Unit, *, worker: str, queue: str, pid: int) -> None:
    """Say that a worker is ready."""
    statement = insert(worker_heartbeats).values(worker=worker, queue=queue, pid=pid, seen_at=func.now())
    await unit.execute(
        statement.on_conflict_do_update(index_elements=["worker"], set_={"seen_at": func.now(), "pid": pid})
    )


async def leave(unit: Unit, *, worker: str) -> None:
    """Say that a worker has stopped."""
    await unit.execute(delete(worker_heartbeats).where(worker_heartbeats.c.worker == worker))


async def alive(unit: Unit) -> dict[str, list[int]]:
    """Process ids of the workers of each queue that were heard lately."""
    rows = await unit.all(
        select(worker_heartbeats.c.queue, worker_heartbeats.c.pid)
        .where(worker_heartbeats.c.seen_at > func.now() - FRESH)
        .order_by(worker_heartbeats.c.pid)
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.queue, []).append(row.pid)
    return found


async def forget_silent(unit: Unit, *, older_than: timedelta) -> int:
    """Delete the rows of workers that died without leaving; returns how many."""
    gone = await unit.execute(
        delete(worker_heartbeats).where(worker_heartbeats.c.seen_at < func.now() - older_than)
    )
    return gone.rowcount
