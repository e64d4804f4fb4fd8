"""Commands for workers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from kit.outbox import Command


class AnnounceEvent(Command, frozen=True):
    """Put an event into the log of messages and send it to the endpoints that want it."""

    kind: ClassVar[str] = "webhooks.announce"
    whole_event: ClassVar[bool] = True
    topic: str
    told: dict[str, Any]
    at: datetime


class DeliverWebhook(Command, frozen=True):
    """Make the next attempt of a delivery."""

    kind: ClassVar[str] = "webhooks.deliver"
    delivery_id: str


class CountLostAttempt(Command, frozen=True):
    """Go on with a delivery whose attempt killed every worker that made it."""

    kind: ClassVar[str] = "webhooks.count_lost_attempt"
    delivery_id: str


class ReplayWebhooks(Command, frozen=True):
    """Send an endpoint every message since a time again, from the one after `after`."""

    kind: ClassVar[str] = "webhooks.replay"
    endpoint_id: str
    since: datetime
    after: str = ""
