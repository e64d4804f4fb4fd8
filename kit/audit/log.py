"""Writing and reading the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import func, insert, select

from kit import clock
from kit.audit.actor import Actor
from kit.audit.chain import GENESIS, Entry, Verdict, digest, follow
from kit.audit.tables import audit_log
from kit.db.unit import Unit
from kit.metrics import AUDIT_ENTRIES

_COLUMNS = [audit_log.c[name] for name in Entry.__struct_fields__]
_SPACE = 86200002
"""First half of the advisory locks' keys; the second is the business."""


async def record(unit: Unit, actor: Actor, action: str, *subjects: str) -> None:
    """Add one entry for each subject, in the transaction of the action itself.

    Writers of one business queue up from here to their commit, so that the chain cannot fork. Call it last: a
    transaction that still waits for rows of others while it holds the chain could wait for ever.
    """
    if not subjects:
        return
    await unit.execute(select(func.pg_advisory_xact_lock(_SPACE, func.hashtext(unit.business_id))))
    last = await unit.one_or_none(
        select(audit_log.c.seq, audit_log.c.hash).order_by(audit_log.c.seq.desc()).limit(1)
    )
    length, previous = (last.seq, last.hash) if last is not None else (0, GENESIS)
    rows = []
    for seq, subject in enumerate(subjects, length + 1):
        entry = Entry(seq, clock.now(), str(actor.kind), actor.subject, action, subject, previous)
        previous = digest(unit.business_id, entry)
        rows.append({**msgspec.structs.asdict(entry), "hash": previous, "business_id": unit.business_id})
    await unit.execute(insert(audit_log), rows)
    unit.afterwards(partial(_count, action, len(rows)))


async def _count(action: str, entries: int) -> None:
    AUDIT_ENTRIES.labels(action).inc(entries)


async def page(unit: Unit, before: int | None, limit: int) -> list[Entry]:
    """Entries of the unit's business, newest first, older than the number `before`."""
    query = select(*_COLUMNS).order_by(audit_log.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_log.c.seq < before)
    return [Entry(**row._mapping) for row in await unit.all(query)]


async def of_actions(unit: Unit, actions: Sequence[str], since: datetime) -> list[Entry]:
    """Entries of these actions since a time, oldest first."""
    rows = await unit.all(
        select(*_COLUMNS)
        .where(audit_log.c.action.in_(actions), audit_log.c.at >= since)
        .order_by(audit_log.c.seq)
    )
    return [Entry(**row._mapping) for row in rows]


async def verify(unit: Unit, *, batch: int = 1000) -> Verdict:
    """Recompute the whole chain of the unit's business."""
    verdict = Verdict(0, GENESIS)
    while True:
        rows = await unit.all(
            select(*_COLUMNS).where(audit_log.c.seq > verdict.entries).order_by(audit_log.c.seq).limit(batch)
        )
        verdict = follow(unit.business_id, verdict, (Entry(**row._mapping) for row in rows))
        if verdict.broken is not None or len(rows) < batch:
            return verdict
