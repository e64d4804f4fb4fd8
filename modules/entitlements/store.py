"""SQL of plans."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Unit
from modules.entitlements.tables import business_plans


async def plan_name(unit: Unit) -> str | None:
    """The plan that the business was put on, if it was."""
    row = await unit.one_or_none(select(business_plans.c.plan))
    return None if row is None else row.plan


async def put_plan(unit: Unit, name: str) -> None:
    statement = insert(business_plans).values(business_id=unit.business_id, plan=name)
    await unit.execute(statement.on_conflict_do_update(index_elements=["business_id"], set_={"plan": name}))
