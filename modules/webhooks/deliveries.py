"""From events to deliveries: announcing, sending again, and the log."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from kit import clock
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.ids import is_id, new_id
from kit.outbox import add
from modules.webhooks import service, store
from modules.webhooks.errors import DeliveryPending, UnknownDelivery, WebhookIsDisabled
from modules.webhooks.jobs import AnnounceEvent, DeliverWebhook, ReplayWebhooks
from modules.webhooks.types import PING
from modules.webhooks.wire import (
    Delivery,
    DeliveryLog,
    DeliveryState,
    ReplayStarted,
    WebhookEndpoint,
)

REPLAYED_AT_ONCE = 200
PACE = timedelta(milliseconds=200)
"""Between the first attempts of messages that are sent again together."""


async def announce(unit: Unit, event: AnnounceEvent) -> None:
    """Log an event as a message, whose id stays for good, and send it to every endpoint that wants its type.

    A business without endpoints keeps no log.
    """
    if await store.endpoints.count(unit) == 0:
        return
    message_id = await _log(unit, event.topic, event.told, event.at)
    for endpoint_id in await store.endpoints.listening(unit, event.topic):
        await _send(unit, endpoint_id, message_id)


async def ping(unit: Unit, endpoint_id: str) -> Delivery:
    """Send a test message to one endpoint. Raises UnknownWebhook, WebhookIsDisabled."""
    await _enabled(unit, endpoint_id)
    message_id = await _log(unit, PING, {"webhook_id": endpoint_id}, clock.now())
    delivery_id = await _send(unit, endpoint_id, message_id)
    assert delivery_id is not None  # a new message has no delivery yet
    return await _find(unit, endpoint_id, delivery_id)


async def page(
    unit: Unit, endpoint_id: str, state: DeliveryState | None, cursor: str | None, limit: int
) -> tuple[list[Delivery], str | None]:
    """An endpoint's deliveries, newest first, and the cursor of the next page. Raises UnknownWebhook."""
    await service.find(unit, endpoint_id)
    before = cursor if cursor is not None and is_id(cursor, "whd") else None
    return await store.deliveries.page(unit, endpoint_id, state, before, limit)


async def read(unit: Unit, endpoint_id: str, delivery_id: str) -> DeliveryLog:
    """A delivery, what was sent, and every attempt. Raises UnknownDelivery."""
    delivery = await _find(unit, endpoint_id, delivery_id)
    return DeliveryLog(
        delivery,
        await store.messages.body_of(unit, delivery.message_id),
        tuple(await store.deliveries.attempts_of(unit, delivery_id)),
    )


async def send_again(unit: Unit, endpoint_id: str, delivery_id: str) -> Delivery:
    """Begin an ended delivery from the start, with the id and the body that it had.

    Raises UnknownWebhook, UnknownDelivery, WebhookIsDisabled, DeliveryPending.
    """
    await _enabled(unit, endpoint_id)
    delivery = await _find(unit, endpoint_id, delivery_id)
    if await _send(unit, endpoint_id, delivery.message_id) is None:
        raise DeliveryPending
    return await _find(unit, endpoint_id, delivery_id)


async def send_again_since(unit: Unit, actor: Actor, endpoint_id: str, since: datetime) -> ReplayStarted:
    """Have everything sent again that happened since a time, also what was announced while it was disabled.

    Raises UnknownWebhook, WebhookIsDisabled.
    """
    await _enabled(unit, endpoint_id)
    await add(unit, ReplayWebhooks(endpoint_id, since))
    await record(unit, actor, "webhook.replayed", endpoint_id)
    return ReplayStarted(endpoint_id, since)


async def replay(unit: Unit, asked: ReplayWebhooks) -> None:
    """Begin the next deliveries of a replay, spread over time, and go on in a further job while there are more."""
    endpoint = await store.endpoints.find(unit, asked.endpoint_id)
    if endpoint is None or not endpoint.enabled:
        return
    found = await store.messages.since(unit, asked.since, asked.after, endpoint.event_types, REPLAYED_AT_ONCE)
    for number, message_id in enumerate(found):
        await _send(unit, endpoint.id, message_id, after=PACE * number)
    if len(found) == REPLAYED_AT_ONCE:
        further = msgspec.structs.replace(asked, after=found[-1])
        await add(unit, further, at=clock.now() + PACE * len(found))


async def schedule(unit: Unit, delivery_id: str, after: timedelta) -> None:
    """Queue the next attempt of a delivery; whatever job was to make it before may no longer."""
    at = clock.now() + after
    job_id = await add(unit, DeliverWebhook(delivery_id), at=at if after else None)
    await store.deliveries.schedule(unit, delivery_id, job_id, at)


async def _log(unit: Unit, type_: str, data: dict[str, object], at: datetime) -> str:
    message_id = new_id("msg")
    body = {"type": type_, "timestamp": at, "data": data}
    await store.messages.add(unit, message_id, type_, msgspec.json.encode(body).decode(), at)
    return message_id


async def _send(
    unit: Unit, endpoint_id: str, message_id: str, *, after: timedelta = timedelta()
) -> str | None:
    delivery_id = await store.deliveries.begin(unit, new_id("whd"), endpoint_id, message_id)
    if delivery_id is not None:
        await schedule(unit, delivery_id, after)
    return delivery_id


async def _enabled(unit: Unit, endpoint_id: str) -> WebhookEndpoint:
    endpoint = await service.find(unit, endpoint_id)
    if not endpoint.enabled:
        raise WebhookIsDisabled
    return endpoint


async def _find(unit: Unit, endpoint_id: str, delivery_id: str) -> Delivery:
    delivery = await store.deliveries.find(unit, endpoint_id, delivery_id)
    if delivery is None:
        raise UnknownDelivery
    return delivery
