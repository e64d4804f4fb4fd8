"""Webhooks over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.idempotency import SECRET
from api.problems import fails
from kit.http.errors import AddressRefused, BadUrl, HostUnknown
from modules.accounts.scopes import Scope
from modules.webhooks import deliveries, service
from modules.webhooks.errors import (
    DeliveryPending,
    TooManyWebhooks,
    UnknownDelivery,
    UnknownWebhook,
    WebhookIsDisabled,
)
from modules.webhooks.wire import (
    Delivery,
    DeliveryLog,
    DeliveryPage,
    DeliveryState,
    ReplayRequest,
    ReplayStarted,
    WebhookChange,
    WebhookEndpoint,
    WebhookPage,
    WebhookRequest,
    WebhookSecret,
)

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
READ, WRITE = [may(Scope.WEBHOOK_READ)], [may(Scope.WEBHOOK_WRITE)]
ONE = "/webhooks/{webhook_id:str}"


@post(
    "/webhooks",
    guards=WRITE,
    status_code=201,
    opt=SECRET | fails(AddressRefused, BadUrl, HostUnknown, TooManyWebhooks),
)
async def create_webhook(
    data: JSONBody[WebhookRequest], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> WebhookSecret:
    """Add an endpoint. Its secret is shown this once."""
    return await service.create(unit, caller, data, allow_private=runtime.settings.webhooks.allow_private)


@get("/webhooks", guards=READ)
async def list_webhooks(
    unit: GivenUnit, cursor: FromQuery[str | None] = None, limit: Limit = 20
) -> WebhookPage:
    """The business's endpoints, newest first."""
    rows, next_cursor = await service.page(unit, cursor, limit)
    return WebhookPage(tuple(rows), next_cursor)


@get(ONE, guards=READ, opt=fails(UnknownWebhook))
async def get_webhook(webhook_id: FromPath[str], unit: GivenUnit) -> WebhookEndpoint:
    """An endpoint and how it fares."""
    return await service.find(unit, webhook_id)


@patch(ONE, guards=WRITE, opt=fails(AddressRefused, BadUrl, HostUnknown, UnknownWebhook))
async def change_webhook(
    webhook_id: FromPath[str],
    data: JSONBody[WebhookChange],
    unit: GivenUnit,
    caller: GivenCaller,
    runtime: GivenRuntime,
) -> WebhookEndpoint:
    """Change an endpoint. Disabling it cancels what is still to be sent."""
    allow_private = runtime.settings.webhooks.allow_private
    return await service.change(unit, caller, webhook_id, data, allow_private=allow_private)


@delete(ONE, guards=WRITE, opt=fails(UnknownWebhook))
async def delete_webhook(webhook_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Remove an endpoint with its log of deliveries."""
    await service.delete(unit, caller, webhook_id)


@post(f"{ONE}/rotate", guards=WRITE, status_code=200, opt=SECRET | fails(UnknownWebhook))
async def rotate_secret(webhook_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> WebhookSecret:
    """Make a new secret, shown this once. For 24 hours messages carry a signature of the old one as well."""
    return await service.rotate(unit, caller, webhook_id)


@post(f"{ONE}/ping", guards=WRITE, status_code=202, opt=fails(UnknownWebhook, WebhookIsDisabled))
async def ping_webhook(webhook_id: FromPath[str], unit: GivenUnit) -> Delivery:
    """Send a `webhook.ping` to this endpoint."""
    return await deliveries.ping(unit, webhook_id)


@get(f"{ONE}/deliveries", guards=READ, opt=fails(UnknownWebhook))
async def list_deliveries(
    webhook_id: FromPath[str],
    unit: GivenUnit,
    status: FromQuery[DeliveryState | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 20,
) -> DeliveryPage:
    """What was sent to an endpoint, newest first."""
    rows, next_cursor = await deliveries.page(unit, webhook_id, status, cursor, limit)
    return DeliveryPage(tuple(rows), next_cursor)


@get(f"{ONE}/deliveries/{{delivery_id:str}}", guards=READ, opt=fails(UnknownDelivery))
async def get_delivery(webhook_id: FromPath[str], delivery_id: FromPath[str], unit: GivenUnit) -> DeliveryLog:
    """A delivery: what was sent, and every attempt."""
    return await deliveries.read(unit, webhook_id, delivery_id)


@post(
    f"{ONE}/deliveries/{{delivery_id:str}}/replay",
    guards=WRITE,
    status_code=202,
    opt=fails(DeliveryPending, UnknownDelivery, UnknownWebhook, WebhookIsDisabled),
)
async def replay_delivery(webhook_id: FromPath[str], delivery_id: FromPath[str], unit: GivenUnit) -> Delivery:
    """Send a message again, with the id that it had."""
    return await deliveries.send_again(unit, webhook_id, delivery_id)


@post(f"{ONE}/replay", guards=WRITE, status_code=202, opt=fails(UnknownWebhook, WebhookIsDisabled))
async def replay_since(
    webhook_id: FromPath[str], data: JSONBody[ReplayRequest], unit: GivenUnit, caller: GivenCaller
) -> ReplayStarted:
    """Send everything again that happened since a time, also while the endpoint was disabled."""
    return await deliveries.send_again_since(unit, caller, webhook_id, data.since)


router = Router(
    path="/v1",
    route_handlers=[
        create_webhook,
        list_webhooks,
        get_webhook,
        change_webhook,
        delete_webhook,
        rotate_secret,
        ping_webhook,
        list_deliveries,
        get_delivery,
        replay_delivery,
        replay_since,
    ],
    tags=["webhooks"],
)
