"""SQL of what a salon makes of shipped designs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.ready import Found, Reader, Ready
from kit.db.unit import Unit
from kit.money import Price
from modules.catalog.own import ChosenDesign, ShelfChoice
from modules.catalog.store.rows import among, changed_row, price_values
from modules.catalog.tables import shelf_choices

_ALL = select(*shelf_choices.c)
_EVERY, _NAMED = Ready(_ALL), Ready(_ALL.where(among(shelf_choices.c.design_id)))


async def of(reader: Reader, ids: Iterable[str] | None = None) -> dict[str, ChosenDesign]:
    """What the salon made of shipped designs; of all of them when none is named."""
    rows = await (reader.read(_EVERY) if ids is None else reader.read(_NAMED, ids=[*ids]))
    return {row.design_id: _chosen(row) for row in rows}


async def lock(unit: Unit, design_id: str) -> ChosenDesign:
    """A shipped design's choice, made an empty one of version 0 where there is none, and held."""
    await unit.execute(
        upsert(shelf_choices)
        .values(business_id=unit.business_id, design_id=design_id, row_version=0)
        .on_conflict_do_nothing()
    )
    query = select(*shelf_choices.c).where(shelf_choices.c.design_id == design_id).with_for_update()
    row = await unit.one_or_none(query)
    assert row is not None
    return _chosen(row)


async def change(unit: Unit, design_id: str, choice: ShelfChoice) -> ChosenDesign:
    values = {
        "hidden": choice.hidden,
        "minutes": choice.minutes,
        "product_id": choice.product_id,
        **price_values(choice.price),
    }
    row = await changed_row(unit, shelf_choices, shelf_choices.c.design_id == design_id, values)
    assert row is not None
    return _chosen(row)


def _chosen(row: Row[Any] | Found) -> ChosenDesign:
    price = None if row.price_amount is None else Price(row.price_amount, row.price_currency)
    choice = ShelfChoice(hidden=row.hidden, minutes=row.minutes, price=price, product_id=row.product_id)
    return ChosenDesign(design_id=row.design_id, choice=choice, version=row.row_version)
