"""SQL of the log of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import delete, func, insert, select

from kit.db.unit import Unit
from modules.records.tables import request_log
from modules.records.wire import LoggedRequest

_COLUMNS = [request_log.c[name] for name in LoggedRequest.__struct_fields__]


async def insert_requests(unit: Unit, rows: Sequence[tuple[str, LoggedRequest]]) -> None:
    """Add requests of any businesses (a unit of the system)."""
    await unit.execute(
        insert(request_log),
        [{**msgspec.structs.asdict(row), "business_id": business_id} for business_id, row in rows],
    )


async def page(
    unit: Unit, statuses: range | None, before: str | None, limit: int, kept: timedelta
) -> list[LoggedRequest]:
    """Newest first, older than the id `before`, none older than it may be kept."""
    query = (
        select(*_COLUMNS)
        .where(request_log.c.at > func.now() - kept)
        .order_by(request_log.c.id.desc())
        .limit(limit)
    )
    if statuses is not None:
        query = query.where(request_log.c.status.between(statuses[0], statuses[-1]))
    if before is not None:
        query = query.where(request_log.c.id < before)
    return [LoggedRequest(**row._mapping) for row in await unit.all(query)]


async def forget(unit: Unit, older_than: timedelta) -> int:
    """Delete old rows of every business (a unit of the system); returns how many."""
    gone = await unit.execute(delete(request_log).where(request_log.c.at < func.now() - older_than))
    return gone.rowcount
