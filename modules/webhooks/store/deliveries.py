"""SQL of deliveries, one for each message and endpoint, and of every attempt at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit import clock
from kit.db.page import newest_first
from kit.db.unit import Unit
from modules.webhooks.tables import attempts, deliveries, endpoints, messages
from modules.webhooks.types import ENDINGS
from modules.webhooks.wire import Attempt, Delivery, DeliveryState


class Outgoing(Struct, frozen=True):
    """What an attempt needs: where to, what, and the keys to sign with, the newest first.

    keeps_answer: whether what the receiver says is logged.
    """

    delivery_id: str
    endpoint_id: str
    message_id: str
    url: str
    body: str
    keys: tuple[bytes, ...]
    tries: int
    keeps_answer: bool = True


_DELIVERY = [
    messages.c.type if name == "type" else deliveries.c["endpoint_id" if name == "webhook_id" else name]
    for name in Delivery.__struct_fields__
]
_ATTEMPT = [attempts.c[name] for name in Attempt.__struct_fields__]


async def begin(unit: Unit, delivery_id: str, endpoint_id: str, message_id: str) -> str | None:
    """Begin a delivery, or begin one again that has ended; returns its id, None when one is under way."""
    fresh = upsert(deliveries).values(
        id=delivery_id, business_id=unit.business_id, endpoint_id=endpoint_id, message_id=message_id
    )
    row = await unit.one_or_none(
        fresh.on_conflict_do_update(
            index_elements=["endpoint_id", "message_id"],
            set_={"state": DeliveryState.PENDING, "tries": 0, "ended_at": None},
            where=deliveries.c.state != DeliveryState.PENDING,
        ).returning(deliveries.c.id)
    )
    return None if row is None else row.id


async def schedule(unit: Unit, delivery_id: str, job_id: str, at: datetime) -> None:
    """Name the one job that may make the next attempt, and its time."""
    await unit.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(job_id=job_id, next_attempt_at=at)
    )


async def outgoing(unit: Unit, delivery_id: str, job_id: str | None = None) -> Outgoing | None:
    """A pending delivery of an enabled endpoint; None for a job that another has replaced."""
    query = (
        select(
            deliveries.c.id,
            deliveries.c.endpoint_id,
            deliveries.c.message_id,
            deliveries.c.tries,
            messages.c.body,
            messages.c.type,
            endpoints.c.url,
            endpoints.c.secret,
            endpoints.c.previous_secret,
            (endpoints.c.previous_secret_until > clock.now()).label("overlap"),
        )
        .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .where(
            deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.PENDING, endpoints.c.enabled
        )
    )
    if job_id is not None:
        query = query.where(deliveries.c.job_id == job_id)
    row = await unit.one_or_none(query)
    if row is None:
        return None
    keys = (row.secret, row.previous_secret) if row.overlap else (row.secret,)
    return Outgoing(
        row.id,
        row.endpoint_id,
        row.message_id,
        row.url,
        row.body,
        keys,
        row.tries,
        keeps_answer=row.type not in ENDINGS,
    )


async def add_attempt(
    unit: Unit,
    attempt_id: str,
    delivery_id: str,
    attempt: Attempt,
    *,
    state: DeliveryState,
) -> bool:
    """Log an attempt of a pending delivery and give the delivery its state; False when it is pending no more."""
    ended = state is not DeliveryState.PENDING
    counted = await unit.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.PENDING)
        .values(
            state=state,
            tries=deliveries.c.tries + 1,
            attempts=deliveries.c.attempts + 1,
            last_status=attempt.status,
            next_attempt_at=None,
            ended_at=func.now() if ended else None,
        )
    )
    if counted.rowcount != 1:
        return False
    await unit.execute(
        insert(attempts).values(
            id=attempt_id,
            business_id=unit.business_id,
            delivery_id=delivery_id,
            **msgspec.structs.asdict(attempt),
        )
    )
    return True


async def cancel_pending(unit: Unit, endpoint_id: str) -> None:
    """End what is still to be sent to an endpoint."""
    await unit.execute(
        update(deliveries)
        .where(deliveries.c.endpoint_id == endpoint_id, deliveries.c.state == DeliveryState.PENDING)
        .values(state=DeliveryState.CANCELLED, next_attempt_at=None, ended_at=func.now())
    )


async def find(unit: Unit, endpoint_id: str, delivery_id: str) -> Delivery | None:
    row = await unit.one_or_none(_of(endpoint_id).where(deliveries.c.id == delivery_id))
    return None if row is None else _delivery(row)


async def page(
    unit: Unit, endpoint_id: str, state: DeliveryState | None, before: str | None, limit: int
) -> tuple[list[Delivery], str | None]:
    """An endpoint's, newest first, older than the id `before`, and the cursor of the next page."""
    query = _of(endpoint_id)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    rows, cursor = await newest_first(unit, query, deliveries.c.id, before, limit)
    return [_delivery(row) for row in rows], cursor


async def attempts_of(unit: Unit, delivery_id: str) -> list[Attempt]:
    rows = await unit.all(
        select(*_ATTEMPT).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.at, attempts.c.id)
    )
    return [Attempt(**row._mapping) for row in rows]


def _of(endpoint_id: str) -> Select[Any]:
    return (
        select(*_DELIVERY)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .where(deliveries.c.endpoint_id == endpoint_id)
    )


def _delivery(row: Row[Any]) -> Delivery:
    return msgspec.convert(dict(zip(Delivery.__struct_fields__, row, strict=True)), Delivery)
