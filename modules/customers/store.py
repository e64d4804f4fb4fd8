"""SQL of customers."""

from __future__ import annotations

from sqlalchemy import insert, select

from kit.db.unit import Unit
from modules.customers.tables import customers


async def insert_customer(unit: Unit, customer_id: str) -> None:
    await unit.execute(insert(customers).values(id=customer_id, business_id=unit.business_id))


async def exists(unit: Unit, customer_id: str) -> bool:
    return await unit.one_or_none(select(customers.c.id).where(customers.c.id == customer_id)) is not None
