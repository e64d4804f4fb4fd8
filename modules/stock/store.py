"""SQL of products and their stock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.audit import Actor
from kit.db.many import update_many
from kit.db.page import newest_first
from kit.db.unit import Unit
from kit.money import Price
from modules.stock.tables import products, stock_movements
from modules.stock.wire import MOST_STOCK, Movement, MovementRequest, Product, ProductKind, Reason

_MOVEMENT = [stock_movements.c[name] for name in Movement.__struct_fields__]


async def insert_product(unit: Unit, product_id: str, values: dict[str, Any]) -> Product | None:
    """None when the SKU is taken."""
    row = await unit.one_or_none(
        upsert(products)
        .values(id=product_id, business_id=unit.business_id, **values)
        .on_conflict_do_nothing(index_elements=("business_id", "sku"))
        .returning(*products.c)
    )
    return None if row is None else _product(row)


async def insert_products(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once, whose SKUs are known to be free."""
    if rows:
        await unit.execute(
            insert(products).inline(), [{**row, "business_id": unit.business_id} for row in rows]
        )


async def change_products(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once, whose rows are locked; each names the same columns."""
    await update_many(unit, products, rows)


async def find(unit: Unit, product_id: str, *, lock: bool = False) -> Product | None:
    query = select(*products.c).where(products.c.id == product_id)
    row = await unit.one_or_none(query.with_for_update(key_share=True) if lock else query)
    return None if row is None else _product(row)


async def page(
    unit: Unit, *, archived: bool, low: bool, words: str | None, before: str | None, limit: int
) -> tuple[list[Product], str | None]:
    query = select(*products.c)
    if not archived:
        query = query.where(products.c.archived_at.is_(None))
    if low:
        query = query.where(products.c.stock <= products.c.low_stock)
    for word in (words or "").casefold().split():
        text = func.lower(func.concat_ws(" ", products.c.name, products.c.brand, products.c.sku))
        query = query.where(text.contains(word, autoescape=True))
    rows, cursor = await newest_first(unit, query, products.c.id, before, limit)
    return [_product(row) for row in rows], cursor


async def every(unit: Unit, *, lock: bool = False) -> list[Product]:
    """All products, archived ones too, oldest first."""
    query = select(*products.c).order_by(products.c.id)
    return [_product(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def known(unit: Unit, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are products, archived or not."""
    rows = await unit.all(select(products.c.id).where(products.c.id.in_(set(ids))))
    return {row.id for row in rows}


async def sku_is_taken(unit: Unit, sku: str, but_by: str) -> bool:
    taken = select(products.c.id).where(products.c.sku == sku, products.c.id != but_by)
    return await unit.one_or_none(taken) is not None


async def change(unit: Unit, product_id: str, values: dict[str, Any]) -> Product:
    row = await unit.one_or_none(
        update(products)
        .where(products.c.id == product_id)
        .values(**values, row_version=products.c.row_version + 1, updated_at=func.now())
        .returning(*products.c)
    )
    assert row is not None
    return _product(row)


async def move(
    unit: Unit, actor: Actor, movement_id: str, product_id: str, asked: MovementRequest
) -> Movement | None:
    """Book a movement; None when there is not that much, or nobody could count it. The row's lock makes it exact."""
    after = products.c.stock + asked.delta
    lowest = -MOST_STOCK if asked.reason is Reason.CORRECTION or asked.delta > 0 else 0
    row = await unit.one_or_none(
        update(products)
        .where(products.c.id == product_id, after.between(lowest, MOST_STOCK))
        .values(stock=after)
        .returning(products.c.stock)
    )
    if row is None:
        return None
    values = _movement(unit, actor, movement_id, product_id, asked, row.stock)
    booked = await unit.one_or_none(insert(stock_movements).values(values).returning(*_MOVEMENT))
    assert booked is not None
    return Movement(**booked._mapping)


async def note_movements(
    unit: Unit, actor: Actor, moved: Sequence[tuple[str, str, MovementRequest, int]]
) -> None:
    """Write movements (id, product, what, stock after it) of products whose stock is set already."""
    if moved:
        await unit.execute(
            insert(stock_movements).inline(), [_movement(unit, actor, *movement) for movement in moved]
        )


async def movements(
    unit: Unit, product_id: str, before: str | None, limit: int
) -> tuple[list[Movement], str | None]:
    query = select(*_MOVEMENT).where(stock_movements.c.product_id == product_id)
    rows, cursor = await newest_first(unit, query, stock_movements.c.id, before, limit)
    return [Movement(**row._mapping) for row in rows], cursor


def _movement(
    unit: Unit, actor: Actor, movement_id: str, product_id: str, asked: MovementRequest, stock: int
) -> dict[str, Any]:
    return {
        "id": movement_id,
        "business_id": unit.business_id,
        "product_id": product_id,
        "reason": asked.reason,
        "delta": asked.delta,
        "stock": stock,
        "note": asked.note,
        "actor_kind": str(actor.kind),
        "actor": actor.subject,
    }


def _product(row: Row[Any]) -> Product:
    return Product(
        id=row.id,
        sku=row.sku,
        name=row.name,
        brand=row.brand,
        kind=ProductKind(row.kind),
        price=Price(row.price_amount, row.price_currency),
        stock=row.stock,
        low_stock=row.low_stock,
        low=row.stock <= row.low_stock,
        unit=row.unit,
        archived=row.archived_at is not None,
        version=row.row_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
