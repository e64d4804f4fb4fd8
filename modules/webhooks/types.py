"""What receivers can be told of."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """Types that an endpoint may choose from; each is the topic of an event in the outbox."""

    TRYON_ENDED = "tryon.ended"
    TRYON_ERASED = "tryon.erased"
    PHOTO_ERASED = "photo.erased"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    WEBHOOK_DISABLED = "webhook.disabled"


PING = "webhook.ping"
"""The type of a test message, which goes to the endpoint that asked for it whatever it chose."""
