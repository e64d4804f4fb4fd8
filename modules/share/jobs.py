"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command
from modules.consent.texts import Purpose


class MakeClip(Command, frozen=True):
    """Make the moving before and after of a share."""

    kind: ClassVar[str] = "share.clip"
    share_id: str


class GiveUpClip(Command, frozen=True):
    """Say that a clip killed every worker that made it."""

    kind: ClassVar[str] = "share.give_up_clip"
    share_id: str


class ExpireShare(Command, frozen=True):
    """End a share when its time is over."""

    kind: ClassVar[str] = "share.expire"
    share_id: str


class ForgetShare(Command, frozen=True):
    """Delete the row of a share that ended long ago."""

    kind: ClassVar[str] = "share.forget"
    share_id: str


class DeleteShareObjects(Command, frozen=True):
    """Delete the pictures that were made for a share."""

    kind: ClassVar[str] = "share.delete_objects"
    share_id: str


class CountBooking(Command, frozen=True):
    """Count an appointment for the share that brought her who booked it."""

    kind: ClassVar[str] = "share.count_booking"
    appointment_id: str
    sequence: int
    tryon_id: str | None
    source: str | None


class EndSharesOfConsent(Command, frozen=True):
    """End what rests on a consent to share that was taken back."""

    kind: ClassVar[str] = "share.end_of_consent"
    consent_id: str
    purposes: tuple[Purpose, ...]


class EndSharesOfPhoto(Command, frozen=True):
    """End what shows an erased photo."""

    kind: ClassVar[str] = "share.end_of_photo"
    photo_id: str


class EndSharesOfTryOn(Command, frozen=True):
    """End what shows an erased try-on."""

    kind: ClassVar[str] = "share.end_of_tryon"
    tryon_id: str
    photo_id: str
