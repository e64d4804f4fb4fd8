"""Changing many rows by their ids in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, update

from kit.db.unit import Unit


async def update_many(unit: Unit, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the columns of each row, all rows naming the same ones, and raise the rows' versions."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values(
            **{name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names},
            row_version=table.c.row_version + 1,
            updated_at=func.now(),
        )
    )
    await unit.execute(
        statement, [{"row_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    )
