"""SQL of addresses that are not to be written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.unit import Unit
from modules.messaging.tables import suppressions

BOUNCED, UNSUBSCRIBED = "bounced", "unsubscribed"


async def add(
    unit: Unit, address_hash: str, reason: str, customer_id: str | None, ends_at: datetime | None
) -> None:
    """Suppress an address, or prolong what there is."""
    await unit.execute(
        upsert(suppressions)
        .values(
            business_id=unit.business_id,
            address_hash=address_hash,
            reason=reason,
            customer_id=customer_id,
            ends_at=ends_at,
        )
        .on_conflict_do_update(
            index_elements=["business_id", "address_hash", "reason"], set_={"ends_at": ends_at}
        )
    )


async def reasons(unit: Unit, address_hash: str) -> set[str]:
    """Why an address is suppressed at present."""
    rows = await unit.all(
        select(suppressions.c.reason).where(
            suppressions.c.address_hash == address_hash,
            or_(suppressions.c.ends_at.is_(None), suppressions.c.ends_at > func.now()),
        )
    )
    return {row.reason for row in rows}


async def of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    query = select(suppressions).where(suppressions.c.customer_id == customer_id)
    return [dict(row._mapping) for row in await unit.all(query.order_by(suppressions.c.created_at))]


async def remove_of(unit: Unit, customer_id: str) -> int:
    return (
        await unit.execute(delete(suppressions).where(suppressions.c.customer_id == customer_id))
    ).rowcount
