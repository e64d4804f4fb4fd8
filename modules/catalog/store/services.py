"""SQL of a salon's own services, and of what it makes of the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.unit import Unit
from kit.money import Price
from modules.catalog.own import OwnService, ServiceDraft
from modules.catalog.store.rows import changed_row, price_values
from modules.catalog.tables import service_choices, services


def columns_of(draft: ServiceDraft) -> dict[str, Any]:
    """A service as columns."""
    values = {**msgspec.structs.asdict(draft), "kind": str(draft.kind), **price_values(draft.price)}
    del values["price"]
    return values


async def add(unit: Unit, service_id: str, draft: ServiceDraft) -> OwnService:
    row = await unit.one_or_none(
        insert(services)
        .values(id=service_id, business_id=unit.business_id, **columns_of(draft))
        .returning(*services.c)
    )
    assert row is not None
    return _service(row)


async def every(unit: Unit, *, lock: bool = False) -> list[OwnService]:
    """The salon's own that are not archived, oldest first."""
    query = select(*services.c).where(services.c.archived_at.is_(None)).order_by(services.c.id)
    return [_service(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def ids(unit: Unit) -> set[str]:
    """Of all of the salon's own, archived ones too; none of them is deleted before the unit ends."""
    held = select(services.c.id).with_for_update(read=True, key_share=True)
    return {row.id for row in await unit.all(held)}


async def find(unit: Unit, service_id: str, *, lock: bool = False) -> OwnService | None:
    query = select(*services.c).where(services.c.id == service_id, services.c.archived_at.is_(None))
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _service(row)


async def change(unit: Unit, service_id: str, values: Mapping[str, Any]) -> OwnService:
    row = await changed_row(unit, services, services.c.id == service_id, values)
    assert row is not None
    return _service(row)


async def remove(unit: Unit, service_id: str) -> None:
    await unit.execute(delete(services).where(services.c.id == service_id))


async def choices(unit: Unit, *, lock: bool = False) -> dict[str, Row[Any]]:
    """What the salon made of shipped services; null columns leave what they ship with."""
    query = select(*service_choices.c).order_by(service_choices.c.service_id)
    return {row.service_id: row for row in await unit.all(query.with_for_update() if lock else query)}


async def lock_choice(unit: Unit, service_id: str) -> Row[Any]:
    """A shipped service's choice, made an empty one of version 0 where there is none, and held."""
    await unit.execute(
        upsert(service_choices)
        .values(business_id=unit.business_id, service_id=service_id, row_version=0)
        .on_conflict_do_nothing()
    )
    query = select(*service_choices.c).where(service_choices.c.service_id == service_id).with_for_update()
    row = await unit.one_or_none(query)
    assert row is not None
    return row


async def change_choice(unit: Unit, service_id: str, values: Mapping[str, Any]) -> Row[Any]:
    row = await changed_row(unit, service_choices, service_choices.c.service_id == service_id, values)
    assert row is not None
    return row


def _service(row: Row[Any]) -> OwnService:
    return OwnService(
        id=row.id,
        shipped=False,
        service=msgspec.convert(
            {
                **{name: getattr(row, name) for name in ServiceDraft.__struct_fields__ if name != "price"},
                "price": Price(row.price_amount, row.price_currency),
            },
            ServiceDraft,
        ),
        version=row.row_version,
    )
