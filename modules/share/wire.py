"""Shares as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

Days = Annotated[int, Meta(ge=1, le=30)]
Line = Annotated[str, Meta(max_length=200)]


class Channel(StrEnum):
    """Ways in which a look may leave besides the page itself."""

    MESSAGES = "messages"
    QR = "qr"
    SOCIAL = "social"


class ShareRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A look to share. look: its number in the try-on; before: show also the picture without it.

    channels: messages (a preview card), qr, social (square, portrait and story, and the clip). watermark: the salon's
    name on cards. clip: have a moving before and after made. expires_in_days: at most as long as the picture is kept.
    """

    look: Annotated[int, Meta(ge=0, le=11)] = 0
    before: bool = False
    title: Annotated[str, Meta(max_length=80)] = ""
    greeting: Annotated[str, Meta(max_length=280)] = ""
    channels: Annotated[tuple[Channel, ...], Meta(max_length=3)] = tuple(Channel)
    watermark: bool = True
    clip: bool = False
    expires_in_days: Days = 14


class ShareStatus(StrEnum):
    OPEN = "open"
    ENDED = "ended"


class Counts(Struct, frozen=True):
    """What became of a link: pages opened by people, comparisons, try-ons, appointments."""

    opened: int
    slid: int
    tried: int
    booked: int


class Clip(Struct, frozen=True):
    """The moving before and after. status: queued, done or failed; format: mp4, or webp where no ffmpeg is at hand."""

    status: str
    format: str | None = None
    url: str | None = None


class Share(Struct, frozen=True):
    """A shared look. ended_by: revoked, consent, erased or expired.

    url: the page; null when it has ended. pictures: cards by shape; send: addresses that open a messenger with the
    link in it.
    """

    id: str
    tryon_id: str
    customer_id: str
    look: int
    before: bool
    title: str
    greeting: str
    channels: tuple[Channel, ...]
    watermark: bool
    status: ShareStatus
    counts: Counts
    created_at: datetime
    expires_at: datetime
    links: dict[str, str]
    url: str | None = None
    qr: str | None = None
    pictures: dict[str, str] = {}
    send: dict[str, str] = {}
    clip: Clip | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


class SharePage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Share, ...]
    next_cursor: str | None = None


class SalonContact(Struct, frozen=True):
    """How customers reach the salon; shown on pages that people come to by a link. Empty: not shown."""

    phone: str = ""
    email: str = ""
    booking_url: str = ""
    address: str = ""
    hours: str = ""


class SalonContactChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. booking_url: https; it is given `source`, the share's id."""

    phone: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    booking_url: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    hours: Line | UnsetType = UNSET
