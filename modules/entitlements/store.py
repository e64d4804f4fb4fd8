"""SQL of plans."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kit.db.ready import Reader, Ready
from kit.db.unit import Unit
from modules.entitlements.tables import business_plans

_PLAN = Ready(select(business_plans.c.plan))


async def plan_name(reader: Reader) -> str | None:
    """The plan that the business was put on, if it was."""
    rows = await reader.read(_PLAN)
    return rows[0][0] if rows else None


async def put_plan(unit: Unit, name: str) -> None:
    statement = insert(business_plans).values(business_id=unit.business_id, plan=name)
    await unit.execute(statement.on_conflict_do_update(index_elements=["business_id"], set_={"plan": name}))
