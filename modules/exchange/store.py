"""SQL of imports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Row, delete, func, insert, select, update

from kit.audit import Actor, Named
from kit.db.page import newest_first
from kit.db.unit import Unit
from modules.exchange.grid import Format
from modules.exchange.tables import imports
from modules.exchange.wire import Import, ImportStatus, Subject

_IMPORT = [imports.c[name] for name in Import.__struct_fields__ if name != "report"]


async def insert_import(
    unit: Unit, actor: Actor, import_id: str, subject: Subject, form: Format, *, dry_run: bool
) -> None:
    await unit.execute(
        insert(imports)
        .values(
            id=import_id,
            business_id=unit.business_id,
            subject=str(subject),
            format=str(form),
            dry_run=dry_run,
            actor_kind=str(actor.kind),
            actor=actor.subject,
        )
        .inline()
    )


async def find(unit: Unit, import_id: str) -> Import | None:
    row = await unit.one_or_none(select(*_IMPORT).where(imports.c.id == import_id))
    return None if row is None else _import(row)


async def actor_of(unit: Unit, import_id: str) -> Actor:
    """Who sent it."""
    row = await unit.one_or_none(
        select(imports.c.actor_kind, imports.c.actor).where(imports.c.id == import_id)
    )
    assert row is not None
    return Named(row.actor_kind, row.actor)


async def page(unit: Unit, before: str | None, limit: int) -> tuple[list[Import], str | None]:
    rows, cursor = await newest_first(unit, select(*_IMPORT), imports.c.id, before, limit)
    return [_import(row) for row in rows], cursor


async def end(unit: Unit, import_id: str, values: dict[str, Any]) -> None:
    """Write an import's outcome; one that has ended stays as it is."""
    await unit.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.status == str(ImportStatus.QUEUED))
        .values(**values, finished_at=func.now())
    )


async def forget(unit: Unit, import_id: str) -> None:
    await unit.execute(delete(imports).where(imports.c.id == import_id))


async def kept(unit: Unit, import_ids: Iterable[str]) -> set[str]:
    """Those of the ids that are there."""
    rows = await unit.all(select(imports.c.id).where(imports.c.id.in_(set(import_ids))))
    return {row.id for row in rows}


def _import(row: Row[Any]) -> Import:
    return msgspec.convert(
        {str(column.name): value for column, value in zip(_IMPORT, row, strict=True)}, Import
    )
