"""SQL of the log of messages: what was told, and what of it names somebody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, cast, delete, exists, func, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.unit import Unit
from modules.webhooks.tables import messages
from modules.webhooks.types import PING


async def add(unit: Unit, message_id: str, type_: str, body: str, at: datetime) -> None:
    await unit.execute(
        insert(messages).values(
            id=message_id, business_id=unit.business_id, type=type_, body=body, created_at=at
        )
    )


async def since(unit: Unit, since: datetime, after: str, types: tuple[str, ...], limit: int) -> list[str]:
    """Ids of messages of these types (of all, when none is named) in their order, newer than the id `after`.

    Test messages are for the endpoint that asked for them and never among these.
    """
    query = (
        select(messages.c.id)
        .where(messages.c.created_at >= since, messages.c.id > after, messages.c.type != PING)
        .order_by(messages.c.id)
        .limit(limit)
    )
    if types:
        query = query.where(messages.c.type.in_(types))
    return [row.id for row in await unit.all(query)]


async def body_of(unit: Unit, message_id: str) -> str:
    return str((await unit.execute(select(messages.c.body).where(messages.c.id == message_id))).scalar_one())


async def forget(unit: Unit, older_than: timedelta) -> int:
    """Delete messages with their deliveries, of every business (a unit of the system); returns how many."""
    gone = await unit.execute(delete(messages).where(messages.c.created_at < func.now() - older_than))
    return gone.rowcount


async def remove_naming(unit: Unit, ids: Collection[str], but: Collection[str]) -> int:
    """Delete messages that name one of these ids, with all that was answered; those of the types `but` stay."""
    gone = await unit.execute(delete(messages).where(messages.c.type.not_in(but), _names(ids)))
    return gone.rowcount


async def naming(unit: Unit, ids: Collection[str]) -> list[dict[str, Any]]:
    """Messages that name one of these ids, oldest first."""
    shown = select(messages.c.id, messages.c.type, messages.c.body, messages.c.created_at)
    return [dict(row._mapping) for row in await unit.all(shown.where(_names(ids)).order_by(messages.c.id))]


def _names(ids: Collection[str]) -> ColumnElement[bool]:
    """Whether what a message tells holds one of these ids."""
    told = cast(messages.c.body, JSONB)["data"]
    value = func.jsonb_each_text(told).table_valued("key", "value").c.value
    return exists(select(literal(1)).where(value.in_(ids)))
