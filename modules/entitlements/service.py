"""May this business do that."""

from __future__ import annotations

from kit.audit import OPERATOR, Actor, record
from kit.db.ready import Reader
from kit.db.unit import Unit
from modules.entitlements import store
from modules.entitlements.errors import MoreThanThePlan, NotEntitled, UnknownPlan
from modules.entitlements.plans import OPEN, PLANS, Feature, Plan


async def plan_of(reader: Reader) -> Plan:
    """The business's plan."""
    return PLANS.get(await store.plan_name(reader) or OPEN.name, OPEN)


async def put_on(unit: Unit, name: str, *, actor: Actor = OPERATOR) -> None:
    """Put the business on a plan. Raises UnknownPlan."""
    if name not in PLANS:
        raise UnknownPlan
    await store.put_plan(unit, name)
    await record(unit, actor, "business.plan_changed", unit.business_id)


async def allow(unit: Unit, feature: Feature, n: int = 1) -> None:
    """Let n of a feature pass. Raises NotEntitled (403), and MoreThanThePlan (402) when fewer would pass."""
    judge(await plan_of(unit), feature, n)


def judge(plan: Plan, feature: Feature, n: int) -> None:
    """What `allow` raises, for a plan."""
    if feature not in plan.features:
        raise NotEntitled
    most = plan.features[feature]
    if most is not None and n > most:
        raise MoreThanThePlan(f"At most {most} at a time.")
