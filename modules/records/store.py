"""SQL of the log of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import delete, func, insert, select

from kit.db.page import newest_first
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
) -> tuple[list[LoggedRequest], str | None]:
    """Newest first, none older than it may be kept, and the cursor of the next page."""
    query = select(*_COLUMNS).where(request_log.c.at > func.now() - kept)
    if statuses is not None:
        query = query.where(request_log.c.status.between(statuses[0], statuses[-1]))
    rows, cursor = await newest_first(unit, query, request_log.c.id, before, limit)
    return [LoggedRequest(**row._mapping) for row in rows], cursor


async def forget(unit: Unit, older_than: timedelta) -> int:
    """Delete old rows of every business (a unit of the system); returns how many."""
    gone = await unit.execute(delete(request_log).where(request_log.c.at < func.now() - older_than))
    return gone.rowcount
