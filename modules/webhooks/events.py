"""Facts about webhooks."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class WebhookDisabled(Event, frozen=True):
    """We stopped sending to an endpoint. reason: `gone` (it answered 410) or `failing` (for days)."""

    topic: ClassVar[str] = "webhook.disabled"
    endpoint_id: str
    reason: str
