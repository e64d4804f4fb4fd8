"""Messages as the API shows them, and how a business writes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from modules.messaging.kinds import Kind

Language = Annotated[str, Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=35)]
Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", min_length=5, max_length=5)]
OneLine = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=120)]
Footer = Annotated[str, Meta(pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$", max_length=500)]
Email = Annotated[str, Meta(max_length=254)]
Zone = Annotated[str, Meta(min_length=1, max_length=64)]


class MessageState(StrEnum):
    """suppressed: the address bounced, or its owner asked for no more; expired: too late to be of use."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Message(Struct, frozen=True):
    """One message in the log. about: id of what it is about; due_at: of the next attempt, or of the last.

    address_hash: the same for the same address of this business, and tells it to nobody; body_sha256: of what was
    sent. code: what the mail server answered last, by RFC 5321.
    """

    id: str
    kind: Kind
    customer_id: str | None
    about: str
    language: str
    state: MessageState
    due_at: datetime
    tries: int
    code: int | None
    error: str | None
    address_hash: str | None
    body_sha256: str | None
    created_at: datetime
    ended_at: datetime | None


class MessagePage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Message, ...]
    next_cursor: str | None = None


class MessageAttempt(Struct, frozen=True):
    """One try. code, status: the mail server's (RFC 5321, RFC 3463), if it answered."""

    at: datetime
    duration_ms: int
    verdict: str
    code: int | None
    status: str
    error: str | None


class MessageLog(Struct, frozen=True):
    """A message with every attempt, oldest first."""

    message: Message
    attempts: tuple[MessageAttempt, ...]


class MessageSettings(Struct, frozen=True):
    """How a business writes. sender_name: empty means the business's; reply_to: where answers go, empty means nowhere.

    footer: address and legal notice below each letter. language: where the reader's own is not known, or not written.
    zone: where the message names none. From quiet_from to quiet_until nothing is sent but answers to what somebody
    has just done; equal times mean never quiet.
    """

    sender_name: str = ""
    reply_to: str = ""
    footer: str = ""
    language: str = "en"
    zone: str = "UTC"
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"


class MessageSettingsChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    sender_name: OneLine | UnsetType = UNSET
    reply_to: Email | UnsetType = UNSET
    footer: Footer | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    quiet_from: Clock | UnsetType = UNSET
    quiet_until: Clock | UnsetType = UNSET


class MessagePreview(Struct, frozen=True):
    """A message as it would be sent, about a visit that is made up. language: the one that it is written in."""

    kind: Kind
    language: str
    subject: str
    text: str
    html: str
