"""What receivers can be told of."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """Types that an endpoint may choose from; each is the topic of an event in the outbox."""

    TRYON_ENDED = "tryon.ended"
    TRYON_ERASED = "tryon.erased"
    PHOTO_ERASED = "photo.erased"
    PHOTO_EXPIRED = "photo.expired"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    SHARE_CREATED = "share.created"
    SHARE_OPENED = "share.opened"
    SHARE_TRIED = "share.tried"
    SHARE_BOOKED = "share.booked"
    SHARE_ENDED = "share.ended"
    PERSON_ERASED = "person.erased"
    APPOINTMENT_BOOKED = "appointment.booked"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_NO_SHOW = "appointment.no_show"
    WAITLIST_OFFERED = "waitlist.offered"
    OUTCOME_ENDED = "outcome.ended"
    WEBHOOK_DISABLED = "webhook.disabled"


PING = "webhook.ping"
"""The type of a test message, which goes to the endpoint that asked for it whatever it chose."""

ENDINGS = (
    EventType.TRYON_ERASED,
    EventType.PHOTO_ERASED,
    EventType.PHOTO_EXPIRED,
    EventType.CONSENT_WITHDRAWN,
    EventType.PERSON_ERASED,
    EventType.APPOINTMENT_CANCELLED,
)
"""What receivers must still hear of somebody who is erased, so that they forget her too. What they answer to it is not
kept: it may be about her.
"""
