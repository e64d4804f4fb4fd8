"""Webhooks as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from modules.webhooks.types import EventType

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
Description = Annotated[str, Meta(max_length=200)]
EventTypes = Annotated[tuple[EventType, ...], Meta(max_length=len(EventType))]


class WebhookRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint to send to. event_types: empty means all, also those that are added later."""

    url: Url
    event_types: EventTypes = ()
    description: Description = ""


class WebhookChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. Enabling clears the reason that it was disabled for."""

    url: Url | UnsetType = UNSET
    event_types: EventTypes | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class WebhookEndpoint(Struct, frozen=True):
    """An endpoint. failing_since: when the first attempt failed since one arrived."""

    id: str
    url: str
    event_types: tuple[EventType, ...]
    description: str
    enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    previous_secret_until: datetime | None
    created_at: datetime


class WebhookSecret(Struct, frozen=True):
    """An endpoint and its new secret, which is never shown again."""

    webhook: WebhookEndpoint
    secret: str


class WebhookPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[WebhookEndpoint, ...]
    next_cursor: str | None = None


class DeliveryState(StrEnum):
    """pending: an attempt is due or under way; cancelled: the endpoint was disabled."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(Struct, frozen=True):
    """One message on its way to one endpoint. message_id: the `webhook-id` that the receiver sees."""

    id: str
    webhook_id: str
    message_id: str
    type: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    next_attempt_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


class DeliveryPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Delivery, ...]
    next_cursor: str | None = None


class Attempt(Struct, frozen=True):
    """One try. status: of the answer, if there was one; response: its first 1,024 characters."""

    at: datetime
    duration_ms: int
    status: int | None
    error: str | None
    response: str


class DeliveryLog(Struct, frozen=True):
    """A delivery with what was sent and every attempt, oldest first."""

    delivery: Delivery
    body: str
    log: tuple[Attempt, ...]


class ReplayRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Send everything again that happened since this time (at most thirty days ago)."""

    since: Annotated[datetime, Meta(tz=True)]


class ReplayStarted(Struct, frozen=True):
    """The messages follow one after the other, each with the id that it had."""

    webhook_id: str
    since: datetime
