"""A business's webhook endpoints: adding, changing and removing them, and their secrets."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from kit import clock
from kit.audit import Actor, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.http import HostUnknown, checked_addresses, checked_url
from kit.ids import is_id, new_id
from modules.webhooks import signing, store
from modules.webhooks.errors import TooManyWebhooks, UnknownWebhook
from modules.webhooks.wire import WebhookChange, WebhookEndpoint, WebhookRequest, WebhookSecret

MOST = 20
OVERLAP = timedelta(hours=24)
"""How long the secret before the newest still signs."""
KEPT = timedelta(days=30)
"""How long the log of messages and deliveries goes back."""
_LOOK_UP_S = 5.0


async def create(unit: Unit, actor: Actor, asked: WebhookRequest, *, allow_private: bool) -> WebhookSecret:
    """Add an endpoint. Raises BadUrl, HostUnknown, AddressRefused, TooManyWebhooks."""
    await _check(asked.url, allow_private=allow_private)
    await store.endpoints.await_turn(unit)
    if await store.endpoints.count(unit) >= MOST:
        raise TooManyWebhooks
    secret = signing.new_secret()
    endpoint = await store.endpoints.add(unit, new_id("whk"), asked, secret)
    await record(unit, actor, "webhook.created", endpoint.id)
    return WebhookSecret(endpoint, signing.shown(secret))


async def find(unit: Unit, endpoint_id: str) -> WebhookEndpoint:
    """An endpoint of the business. Raises UnknownWebhook."""
    endpoint = await store.endpoints.find(unit, endpoint_id)
    if endpoint is None:
        raise UnknownWebhook
    return endpoint


async def page(unit: Unit, cursor: str | None, limit: int) -> tuple[list[WebhookEndpoint], str | None]:
    """Endpoints, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "whk") else None
    return await store.endpoints.page(unit, before, limit)


async def change(
    unit: Unit, actor: Actor, endpoint_id: str, asked: WebhookChange, *, allow_private: bool
) -> WebhookEndpoint:
    """Change an endpoint; disabling it cancels what is still to be sent. Raises UnknownWebhook and as `create`."""
    if asked.url is not UNSET:
        await _check(asked.url, allow_private=allow_private)
    endpoint = await store.endpoints.lock(unit, endpoint_id)
    if endpoint is None:
        raise UnknownWebhook
    values = _changes(endpoint, asked)
    if not values:
        return endpoint
    changed = await store.endpoints.change(unit, endpoint_id, values)
    if not changed.enabled:
        await store.deliveries.cancel_pending(unit, endpoint_id)
    await record(unit, actor, "webhook.changed", endpoint_id)
    return changed


async def rotate(unit: Unit, actor: Actor, endpoint_id: str) -> WebhookSecret:
    """Give an endpoint a new secret; the one before it signs beside it for a day. Raises UnknownWebhook."""
    secret = signing.new_secret()
    endpoint = await store.endpoints.rotate_secret(unit, endpoint_id, secret, clock.now() + OVERLAP)
    if endpoint is None:
        raise UnknownWebhook
    await record(unit, actor, "webhook.secret_rotated", endpoint_id)
    return WebhookSecret(endpoint, signing.shown(secret))


async def delete(unit: Unit, actor: Actor, endpoint_id: str) -> None:
    """Remove an endpoint with its log of deliveries. Raises UnknownWebhook."""
    if not await store.endpoints.remove(unit, endpoint_id):
        raise UnknownWebhook
    await record(unit, actor, "webhook.deleted", endpoint_id)


async def forget_old_messages(db: Database) -> int:
    """Delete messages and deliveries that are too old to be sent again; returns how many messages."""
    async with db.system() as unit:
        return await store.messages.forget(unit, KEPT)


async def _check(url: str, *, allow_private: bool) -> None:
    """The same look that each attempt takes again: a name may lead somewhere else by then."""
    parsed = checked_url(url, allow_private=allow_private)
    try:
        async with asyncio.timeout(_LOOK_UP_S):
            await checked_addresses(parsed, allow_private=allow_private)
    except TimeoutError as error:
        raise HostUnknown from error


def _changes(endpoint: WebhookEndpoint, asked: WebhookChange) -> dict[str, Any]:
    """Columns to write: what was asked for and differs, and what follows from it."""
    values = {
        name: value
        for name, value in msgspec.structs.asdict(asked).items()
        if value is not UNSET and value != getattr(endpoint, name)
    }
    if "url" in values or values.get("enabled"):
        values["failing_since"] = None
    if "enabled" in values:
        values["disabled_reason"] = None if values["enabled"] else "by_request"
    return values
