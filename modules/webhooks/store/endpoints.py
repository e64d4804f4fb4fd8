"""SQL of endpoints and their secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, delete, func, insert, or_, select, update

from kit.db.page import newest_first
from kit.db.turn import take_turn
from kit.db.unit import Unit
from modules.webhooks.tables import endpoints
from modules.webhooks.wire import WebhookEndpoint, WebhookRequest

_ENDPOINT = [endpoints.c[name] for name in WebhookEndpoint.__struct_fields__]


async def add(unit: Unit, endpoint_id: str, asked: WebhookRequest, secret: bytes) -> WebhookEndpoint:
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


async def await_turn(unit: Unit) -> None:
    """Be the only one who adds an endpoint until the unit ends, so that their number is exact."""
    await take_turn(unit, "webhooks", unit.business_id)


async def count(unit: Unit) -> int:
    return int((await unit.execute(select(func.count()).select_from(endpoints))).scalar_one())


async def find(unit: Unit, endpoint_id: str) -> WebhookEndpoint | None:
    return await _one(unit, select(*_ENDPOINT).where(endpoints.c.id == endpoint_id))


async def lock(unit: Unit, endpoint_id: str) -> WebhookEndpoint | None:
    """The endpoint, held until the unit ends; rows that refer to it may still be added."""
    query = select(*_ENDPOINT).where(endpoints.c.id == endpoint_id).with_for_update(key_share=True)
    return await _one(unit, query)


async def page(unit: Unit, before: str | None, limit: int) -> tuple[list[WebhookEndpoint], str | None]:
    """Newest first, older than the id `before`, and the cursor of the next page."""
    rows, cursor = await newest_first(unit, select(*_ENDPOINT), endpoints.c.id, before, limit)
    return [_endpoint(row) for row in rows], cursor


async def listening(unit: Unit, type_: str) -> list[str]:
    """Ids of the enabled endpoints that want this type."""
    wanted = or_(endpoints.c.event_types.contains([type_]), func.cardinality(endpoints.c.event_types) == 0)
    rows = await unit.all(select(endpoints.c.id).where(endpoints.c.enabled, wanted).order_by(endpoints.c.id))
    return [row.id for row in rows]


async def change(unit: Unit, endpoint_id: str, values: dict[str, Any]) -> WebhookEndpoint:
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


async def remove(unit: Unit, endpoint_id: str) -> bool:
    """Remove an endpoint with its log; False when there is none of this id."""
    gone = await unit.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))
    return gone.rowcount == 1


async def _one(unit: Unit, query: Select[Any]) -> WebhookEndpoint | None:
    row = await unit.one_or_none(query)
    return None if row is None else _endpoint(row)


def _endpoint(row: Row[Any]) -> WebhookEndpoint:
    return msgspec.convert(dict(zip(WebhookEndpoint.__struct_fields__, row, strict=True)), WebhookEndpoint)
