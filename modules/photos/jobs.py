"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command
from modules.consent.texts import Purpose


class DeletePhotoObjects(Command, frozen=True):
    """Delete an erased photo's bytes and Scans from storage."""

    kind: ClassVar[str] = "photos.delete_objects"
    photo_id: str


class ErasePhotosOfConsent(Command, frozen=True):
    """Erase every photo that stands on a consent which was taken back."""

    kind: ClassVar[str] = "photos.erase_of_consent"
    consent_id: str
    purposes: tuple[Purpose, ...]


class ExpirePhoto(Command, frozen=True):
    """Erase a photo when its time is over."""

    kind: ClassVar[str] = "photos.expire"
    photo_id: str


class EmptyUpload(Command, frozen=True):
    """Delete what was posted with an upload's form, and the upload itself when its time is over."""

    kind: ClassVar[str] = "photos.empty_upload"
    upload_id: str
    customer_id: str
