"""Writing jobs and events inside a unit of work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Function, and_, case, exists, func, insert, literal, select, update

from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox.command import Command, Event
from kit.outbox.tables import jobs, outbox


async def add(unit: Unit, command: Command, *, at: datetime | None = None) -> str:
    """Queue a job of the unit's business, now or for a later time; it exists when the unit commits. Returns its id."""
    job_id = new_id("job")
    due: datetime | Function[datetime] = at or func.now()
    await unit.execute(
        insert(jobs).values(
            id=job_id,
            business_id=unit.business_id,
            kind=command.kind,
            queue=command.queue,
            payload=msgspec.to_builtins(command),
            run_at=due,
            dispatch_at=due,
        )
    )
    return job_id


async def emit(unit: Unit, *events: Event) -> None:
    """Tell facts of the unit's business; the relay turns each into one job for each subscriber."""
    rows = [
        {"business_id": unit.business_id, "topic": event.topic, "payload": msgspec.to_builtins(event)}
        for event in events
    ]
    if rows:
        await unit.execute(insert(outbox).inline(), rows)  # no RETURNING: the role may not read here


async def cancel(unit: Unit, job_id: str) -> bool:
    """Take back a job that no worker has finished; a worker that runs it is fenced off. False when it had ended."""
    taken_back = await unit.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state.in_(("queued", "running")))
        .values(state="cancelled", token=jobs.c.token + 1, lease_until=None)
    )
    return taken_back.rowcount == 1


async def cancel_telling(
    unit: Unit, command: type[Command], ids: Collection[str], *, but: Collection[str]
) -> None:
    """Take back waiting jobs of a whole_event command that would tell one of these ids; the topics `but` stay."""
    value = func.jsonb_each_text(jobs.c.payload["told"]).table_valued("key", "value").c.value
    await unit.execute(
        update(jobs)
        .where(
            jobs.c.queue == command.queue,
            jobs.c.state == "queued",
            jobs.c.kind == command.kind,
            jobs.c.payload["topic"].astext.not_in(but),
            exists(select(literal(1)).where(value.in_(ids))),
        )
        .values(state="cancelled", token=jobs.c.token + 1, payload={})
    )


async def forget_customer(unit: Unit, customer_id: str) -> int:
    """Take back every job that names a customer, and make those that ended forget her; returns how many."""
    names_her = and_(
        jobs.c.payload.has_key("customer_id"), jobs.c.payload["customer_id"].astext == customer_id
    )
    waiting = jobs.c.state == "queued"
    forgotten = await unit.execute(
        update(jobs)
        .where(names_her)
        .values(payload={}, state=case((waiting, "cancelled"), else_=jobs.c.state))
    )
    return forgotten.rowcount
