"""Pages of a list, newest first: ids sort by time, so that the last id shown is the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Row, Select

from kit.db.unit import Unit


async def newest_first(
    unit: Unit, query: Select[Any], by: Column[str], before: str | None, limit: int
) -> tuple[Sequence[Row[Any]], str | None]:
    """At most `limit` rows older than the id `before`, and the cursor of the next page where there is one."""
    if before is not None:
        query = query.where(by < before)
    rows = await unit.all(query.order_by(by.desc()).limit(limit + 1))
    return rows[:limit], getattr(rows[limit - 1], by.name) if len(rows) > limit else None
