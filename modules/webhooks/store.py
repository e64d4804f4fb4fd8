"""SQL of webhooks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from kit import clock
from kit.db.unit import Unit
from modules.webhooks.tables import attempts, deliveries, endpoints, messages
from modules.webhooks.types import ENDINGS, PING
from modules.webhooks.wire import Attempt, Delivery, DeliveryState, WebhookEndpoint, WebhookRequest


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


_ENDPOINT = [endpoints.c[name] for name in WebhookEndpoint.__struct_fields__]
_DELIVERY = [
    messages.c.type if name == "type" else deliveries.c["endpoint_id" if name == "webhook_id" else name]
    for name in Delivery.__struct_fields__
]
_ATTEMPT = [attempts.c[name] for name in Attempt.__struct_fields__]


async def insert_endpoint(
    unit: Unit, endpoint_id: str, asked: WebhookRequest, secret: bytes
) -> WebhookEndpoint:
    row = await unit.one_or_none(
        insert(endpoints)
        .values(
            id=endpoint_id,
            business_id=unit.business_id,
            url=asked.url,
            event_types=[*asked.event_types],
            description=asked.description,
            secret=secret,
        )
        .returning(*_ENDPOINT)
    )
    assert row is not None
    return _endpoint(row)


async def count_endpoints(unit: Unit) -> int:
    return int((await unit.execute(select(func.count()).select_from(endpoints))).scalar_one())


async def find_endpoint(unit: Unit, endpoint_id: str) -> WebhookEndpoint | None:
    return await _one_endpoint(unit, select(*_ENDPOINT).where(endpoints.c.id == endpoint_id))


async def lock_endpoint(unit: Unit, endpoint_id: str) -> WebhookEndpoint | None:
    """The endpoint, held until the unit ends; rows that refer to it may still be added."""
    query = select(*_ENDPOINT).where(endpoints.c.id == endpoint_id).with_for_update(key_share=True)
    return await _one_endpoint(unit, query)


async def page_of_endpoints(unit: Unit, before: str | None, limit: int) -> list[WebhookEndpoint]:
    """Newest first, older than the id `before`."""
    query = select(*_ENDPOINT).order_by(endpoints.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(endpoints.c.id < before)
    return [_endpoint(row) for row in await unit.all(query)]


async def listening(unit: Unit, type_: str) -> list[str]:
    """Ids of the enabled endpoints that want this type."""
    wanted = or_(endpoints.c.event_types.contains([type_]), func.cardinality(endpoints.c.event_types) == 0)
    rows = await unit.all(select(endpoints.c.id).where(endpoints.c.enabled, wanted).order_by(endpoints.c.id))
    return [row.id for row in rows]


async def change_endpoint(unit: Unit, endpoint_id: str, values: dict[str, Any]) -> WebhookEndpoint:
    row = await unit.one_or_none(
        update(endpoints).where(endpoints.c.id == endpoint_id).values(values).returning(*_ENDPOINT)
    )
    assert row is not None
    return _endpoint(row)


async def rotate_secret(
    unit: Unit, endpoint_id: str, secret: bytes, until: datetime
) -> WebhookEndpoint | None:
    """Put a new secret before the present one, which stays until then."""
    row = await unit.one_or_none(
        update(endpoints)
        .where(endpoints.c.id == endpoint_id)
        .values(secret=secret, previous_secret=endpoints.c.secret, previous_secret_until=until)
        .returning(*_ENDPOINT)
    )
    return None if row is None else _endpoint(row)


async def delete_endpoint(unit: Unit, endpoint_id: str) -> bool:
    """Remove an endpoint with its log; False when there is none of this id."""
    gone = await unit.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))
    return gone.rowcount == 1


async def insert_message(unit: Unit, message_id: str, type_: str, body: str, at: datetime) -> None:
    await unit.execute(
        insert(messages).values(
            id=message_id, business_id=unit.business_id, type=type_, body=body, created_at=at
        )
    )


async def messages_since(
    unit: Unit, since: datetime, after: str, types: tuple[str, ...], limit: int
) -> list[str]:
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


async def open_delivery(unit: Unit, delivery_id: str, endpoint_id: str, message_id: str) -> str | None:
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


async def find_delivery(unit: Unit, endpoint_id: str, delivery_id: str) -> Delivery | None:
    row = await unit.one_or_none(_deliveries_of(endpoint_id).where(deliveries.c.id == delivery_id))
    return None if row is None else _delivery(row)


async def page_of_deliveries(
    unit: Unit, endpoint_id: str, state: DeliveryState | None, before: str | None, limit: int
) -> list[Delivery]:
    """Newest first, older than the id `before`."""
    query = _deliveries_of(endpoint_id).order_by(deliveries.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    if before is not None:
        query = query.where(deliveries.c.id < before)
    return [_delivery(row) for row in await unit.all(query)]


async def body_of(unit: Unit, message_id: str) -> str:
    return str((await unit.execute(select(messages.c.body).where(messages.c.id == message_id))).scalar_one())


async def attempts_of(unit: Unit, delivery_id: str) -> list[Attempt]:
    rows = await unit.all(
        select(*_ATTEMPT).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.at, attempts.c.id)
    )
    return [Attempt(**row._mapping) for row in rows]


async def forget_messages(unit: Unit, older_than: timedelta) -> int:
    """Delete messages with their deliveries, of every business (a unit of the system); returns how many."""
    gone = await unit.execute(delete(messages).where(messages.c.created_at < func.now() - older_than))
    return gone.rowcount


async def delete_naming(unit: Unit, ids: Collection[str], but: Collection[str]) -> int:
    """Delete messages that name one of these ids, with all that was answered; those of the types `but` stay."""
    gone = await unit.execute(delete(messages).where(messages.c.type.not_in(but), _names(ids)))
    return gone.rowcount


async def messages_naming(unit: Unit, ids: Collection[str]) -> list[dict[str, Any]]:
    """Messages that name one of these ids, oldest first."""
    shown = select(messages.c.id, messages.c.type, messages.c.body, messages.c.created_at)
    return [dict(row._mapping) for row in await unit.all(shown.where(_names(ids)).order_by(messages.c.id))]


def _names(ids: Collection[str]) -> ColumnElement[bool]:
    """Whether what a message tells holds one of these ids."""
    told = cast(messages.c.body, JSONB)["data"]
    value = func.jsonb_each_text(told).table_valued("key", "value").c.value
    return exists(select(literal(1)).where(value.in_(ids)))


def _deliveries_of(endpoint_id: str) -> Select[Any]:
    return (
        select(*_DELIVERY)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .where(deliveries.c.endpoint_id == endpoint_id)
    )


async def _one_endpoint(unit: Unit, query: Select[Any]) -> WebhookEndpoint | None:
    row = await unit.one_or_none(query)
    return None if row is None else _endpoint(row)


def _endpoint(row: Row[Any]) -> WebhookEndpoint:
    return msgspec.convert(dict(zip(WebhookEndpoint.__struct_fields__, row, strict=True)), WebhookEndpoint)


def _delivery(row: Row[Any]) -> Delivery:
    return msgspec.convert(dict(zip(Delivery.__struct_fields__, row, strict=True)), Delivery)
