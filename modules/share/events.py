"""Facts about shares. They name the share and nobody who followed its link: nothing is known of them."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class ShareCreated(Event, frozen=True):
    """A customer shared a look."""

    topic: ClassVar[str] = "share.created"
    share_id: str
    tryon_id: str


class ShareEnded(Event, frozen=True):
    """A link leads nowhere any more. by: revoked, consent, erased or expired."""

    topic: ClassVar[str] = "share.ended"
    share_id: str
    tryon_id: str
    by: str


class ShareOpened(Event, frozen=True):
    """Somebody looked at a share's page."""

    topic: ClassVar[str] = "share.opened"
    share_id: str


class ShareSlid(Event, frozen=True):
    """Somebody compared before and after."""

    topic: ClassVar[str] = "share.slid"
    share_id: str


class ShareTried(Event, frozen=True):
    """Somebody tried the look on herself."""

    topic: ClassVar[str] = "share.tried"
    share_id: str


class ShareBooked(Event, frozen=True):
    """An appointment came of a share."""

    topic: ClassVar[str] = "share.booked"
    share_id: str
