"""SQL of messages and of every attempt to send one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.messaging.kinds import Kind
from modules.messaging.tables import attempts, messages
from modules.messaging.wire import Message, MessageAttempt, MessageState


class Waiting(Struct, frozen=True):
    """A message that is still to be sent. context: as it was stored; doubtful: attempts nobody knows the end of."""

    id: str
    customer_id: str | None
    kind: Kind
    language: str
    zone: str
    name: str
    address: str
    context: dict[str, Any]
    until: datetime | None
    tries: int
    doubtful: int


_MESSAGE = [messages.c[name] for name in Message.__struct_fields__]
_WAITING = [messages.c[name] for name in Waiting.__struct_fields__]
_ATTEMPT = [attempts.c[name] for name in MessageAttempt.__struct_fields__]
_FORGOTTEN: dict[str, Any] = {"name": None, "address": None, "context": None}
_IS_WAITING = messages.c.state == MessageState.WAITING


async def add(unit: Unit, message_id: str, key: str, values: dict[str, Any]) -> bool:
    """Write a message down; False when there is one with this key already."""
    written = await unit.one_or_none(
        upsert(messages)
        .values(id=message_id, business_id=unit.business_id, key=key, **values)
        .on_conflict_do_nothing(index_elements=["business_id", "key"])
        .returning(messages.c.id)
    )
    return written is not None


async def id_of_key(unit: Unit, key: str) -> str | None:
    row = await unit.one_or_none(select(messages.c.id).where(messages.c.key == key))
    return None if row is None else str(row.id)


async def schedule(unit: Unit, message_id: str, job_id: str, at: datetime) -> None:
    """Name the one job that may make the next attempt, and its time."""
    own = update(messages).where(messages.c.id == message_id, _IS_WAITING)
    await unit.execute(own.values(job_id=job_id, due_at=at))


async def lock(unit: Unit, message_id: str, job_id: str | None = None) -> Waiting | None:
    """A waiting message, held until the unit ends; None for a job that another has replaced."""
    query = select(*_WAITING).where(messages.c.id == message_id, _IS_WAITING).with_for_update()
    if job_id is not None:
        query = query.where(messages.c.job_id == job_id)
    row = await unit.one_or_none(query)
    return None if row is None else shaped(row, Waiting)


async def begin(unit: Unit, message_id: str, address_hash: str) -> None:
    """Say, before a letter leaves, that it may have left."""
    own = update(messages).where(messages.c.id == message_id)
    await unit.execute(own.values(doubtful=messages.c.doubtful + 1, address_hash=address_hash))


async def add_attempt(
    unit: Unit, attempt_id: str, message_id: str, attempt: MessageAttempt, *, certain: bool
) -> None:
    """Log an attempt. certain: its end is known, so that the mark of `begin` is taken back."""
    await unit.execute(
        insert(attempts).values(
            id=attempt_id, business_id=unit.business_id, message_id=message_id, **structs.asdict(attempt)
        )
    )
    own = update(messages).where(messages.c.id == message_id)
    await unit.execute(
        own.values(
            tries=messages.c.tries + 1,
            doubtful=func.greatest(messages.c.doubtful - int(certain), 0),
            code=attempt.code,
            error=attempt.error,
        )
    )


async def end(
    unit: Unit, message_id: str, state: MessageState, error: str | None, body_sha256: str | None = None
) -> None:
    """End a message, and forget whom it was for and what it said."""
    await unit.execute(
        update(messages)
        .where(messages.c.id == message_id)
        .values(
            state=state, error=error, body_sha256=body_sha256, job_id=None, ended_at=func.now(), **_FORGOTTEN
        )
    )


async def cancel(unit: Unit, about: str, kinds: Collection[Kind]) -> list[str]:
    """Take back what still waits about something; returns the messages' ids."""
    rows = await unit.execute(
        update(messages)
        .where(messages.c.about == about, messages.c.kind.in_([*kinds]), _IS_WAITING)
        .values(state=MessageState.CANCELLED, job_id=None, ended_at=func.now(), **_FORGOTTEN)
        .returning(messages.c.id)
    )
    return [row.id for row in rows.all()]


async def lock_taken_back(unit: Unit, message_id: str) -> bool:
    """Whether a message was taken back while it was being sent."""
    query = select(messages.c.id).where(
        messages.c.id == message_id, messages.c.state == MessageState.CANCELLED
    )
    return await unit.one_or_none(query.with_for_update()) is not None


async def find(unit: Unit, message_id: str) -> Message | None:
    row = await unit.one_or_none(select(*_MESSAGE).where(messages.c.id == message_id))
    return None if row is None else shaped(row, Message)


async def page(
    unit: Unit, wanted: Collection[tuple[str, str]], before: str | None, limit: int
) -> tuple[list[Message], str | None]:
    """Newest first, older than the id `before`, and the cursor of the next page. wanted: columns and their values."""
    query = select(*_MESSAGE)
    for name, value in wanted:
        query = query.where(messages.c[name] == value)
    rows, cursor = await newest_first(unit, query, messages.c.id, before, limit)
    return [shaped(row, Message) for row in rows], cursor


async def attempts_of(unit: Unit, message_id: str) -> list[MessageAttempt]:
    own = select(*_ATTEMPT).where(attempts.c.message_id == message_id)
    return [shaped(row, MessageAttempt) for row in await unit.all(own.order_by(attempts.c.at, attempts.c.id))]


async def forget(unit: Unit, older_than: timedelta) -> int:
    """Delete messages that ended so long ago, of every business (a unit of the system); returns how many."""
    gone = await unit.execute(delete(messages).where(messages.c.ended_at < func.now() - older_than))
    return gone.rowcount


async def of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """All that is kept of messages to a customer; of one that waits, also where to and what about."""
    shown = [column for column in messages.c if column.name not in ("business_id", "job_id")]
    rows = await unit.all(select(*shown).where(messages.c.customer_id == customer_id).order_by(messages.c.id))
    return [dict(row._mapping) for row in rows]


async def attempts_of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    joined = select(*_ATTEMPT, attempts.c.message_id).join(messages, messages.c.id == attempts.c.message_id)
    query = joined.where(messages.c.customer_id == customer_id)
    return [dict(row._mapping) for row in await unit.all(query.order_by(attempts.c.id))]


async def ids_of(unit: Unit, customer_id: str) -> list[str]:
    return [
        row.id for row in await unit.all(select(messages.c.id).where(messages.c.customer_id == customer_id))
    ]


async def remove_of(unit: Unit, customer_id: str) -> int:
    """Delete messages to a customer, those that wait too; returns how many."""
    return (await unit.execute(delete(messages).where(messages.c.customer_id == customer_id))).rowcount
