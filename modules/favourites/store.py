"""SQL of favourites and of what was tried lately."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.turn import take_turn
from kit.db.unit import Unit
from modules.favourites.tables import favourites, tried_designs


async def await_turn(unit: Unit, customer_id: str) -> None:
    """Be the only one who adds to a customer's favourites until the unit ends, so that their number is exact."""
    await take_turn(unit, "favourites", customer_id)


async def liked(unit: Unit, customer_id: str) -> dict[str, datetime]:
    """Design ids and since when, newest first."""
    rows = await unit.all(
        select(favourites.c.design_id, favourites.c.created_at)
        .where(favourites.c.customer_id == customer_id)
        .order_by(favourites.c.created_at.desc(), favourites.c.design_id)
    )
    return {row.design_id: row.created_at for row in rows}


async def like(unit: Unit, customer_id: str, design_id: str) -> None:
    await unit.execute(
        upsert(favourites)
        .values(business_id=unit.business_id, customer_id=customer_id, design_id=design_id)
        .on_conflict_do_nothing()
    )


async def unlike(unit: Unit, customer_id: str, design_ids: Collection[str]) -> None:
    await unit.execute(
        delete(favourites).where(
            favourites.c.customer_id == customer_id, favourites.c.design_id.in_(design_ids)
        )
    )


async def tried(unit: Unit, customer_id: str) -> dict[str, datetime]:
    """Design ids and when they were tried on last, newest first."""
    rows = await unit.all(
        select(tried_designs.c.design_id, tried_designs.c.tried_at)
        .where(tried_designs.c.customer_id == customer_id)
        .order_by(tried_designs.c.tried_at.desc(), tried_designs.c.design_id)
    )
    return {row.design_id: row.tried_at for row in rows}


async def remember(
    unit: Unit, customer_id: str, design_ids: Collection[str], at: datetime, most: int
) -> None:
    """Note that designs were tried on, and forget all but the newest of them."""
    statement = upsert(tried_designs).values(
        [
            {"business_id": unit.business_id, "customer_id": customer_id, "design_id": id, "tried_at": at}
            for id in sorted(design_ids)
        ]
    )
    newest = {"tried_at": func.greatest(tried_designs.c.tried_at, statement.excluded.tried_at)}
    await unit.execute(
        statement.on_conflict_do_update(index_elements=("customer_id", "design_id"), set_=newest)
    )
    own = tried_designs.c.customer_id == customer_id
    older = (
        select(tried_designs.c.design_id)
        .where(own)
        .order_by(tried_designs.c.tried_at.desc(), tried_designs.c.design_id)
        .offset(most)
    )
    await unit.execute(delete(tried_designs).where(own, tried_designs.c.design_id.in_(older)))


async def forget(unit: Unit, customer_id: str) -> Mapping[str, int]:
    """Delete all of a customer's rows; how many, by table."""
    return {
        table.name: (await unit.execute(delete(table).where(table.c.customer_id == customer_id))).rowcount
        for table in (favourites, tried_designs)
    }


async def everything_of(unit: Unit, customer_id: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of a customer, by table."""
    found = {}
    for table in (favourites, tried_designs):
        rows = await unit.all(
            select(table).where(table.c.customer_id == customer_id).order_by(table.c.design_id)
        )
        found[table.name] = [dict(row._mapping) for row in rows]
    return found
