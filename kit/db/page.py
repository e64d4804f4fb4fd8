"""Pages of a list, newest first: ids sort by time, so that the last id shown is the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, Row, Select, Text, bindparam

from kit.db.ready import Found, Reader, Ready
from kit.db.unit import Unit


async def newest_first(
    unit: Unit, query: Select[Any], by: Column[str], before: str | None, limit: int
) -> tuple[Sequence[Row[Any]], str | None]:
    """At most `limit` rows older than the id `before`, and the cursor of the next page where there is one."""
    if before is not None:
        query = query.where(by < before)
    rows = await unit.all(query.order_by(by.desc()).limit(limit + 1))
    return rows[:limit], getattr(rows[limit - 1], by.name) if len(rows) > limit else None


class Pages:
    """The same for a list that is asked for all the time: its first page and those behind it, compiled once.

    query: every value in it is a `bindparam`; `by` is its first column.
    """

    def __init__(self, query: Select[Any], by: Column[str]) -> None:
        ordered = query.order_by(by.desc()).limit(bindparam("rows", type_=Integer))
        self._first = Ready(ordered)
        self._later = Ready(ordered.where(by < bindparam("before", type_=Text)))

    async def read(
        self, reader: Reader, before: str | None, limit: int, **values: object
    ) -> tuple[list[Found], str | None]:
        """At most `limit` rows older than the id `before`, and the cursor of the next page where there is one."""
        if before is None:
            rows = await reader.read(self._first, rows=limit + 1, **values)
        else:
            rows = await reader.read(self._later, rows=limit + 1, before=before, **values)
        return rows[:limit], rows[limit - 1][0] if len(rows) > limit else None
