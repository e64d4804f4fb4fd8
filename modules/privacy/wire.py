"""Erasures and exports as the API shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ErasureStatus(StrEnum):
    """pending: it is under way; done: nothing is left."""

    PENDING = "pending"
    DONE = "done"


class Erasure(Struct, frozen=True):
    """The receipt of an erasure; it holds nothing about whom it was for.

    erased: how many of each kind. subject_sha256: SHA-256 of `<id>:<customer_id>` in hex, for whoever knows her id.
    receipt_sha256: of the receipt's canonical JSON; the audit log holds it too.
    """

    id: str
    status: ErasureStatus
    subject_sha256: str
    asked_by: str
    erased: dict[str, int]
    created_at: datetime
    finished_at: datetime | None
    receipt_sha256: str | None
    links: dict[str, str]


class ExportStatus(StrEnum):
    """pending: it is being made; done: it can be fetched; expired: its archive is deleted."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class Export(Struct, frozen=True):
    """All that is kept of a customer, as a ZIP. url: where to fetch it in the next fifteen minutes."""

    id: str
    customer_id: str
    status: ExportStatus
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None
    size_bytes: int | None
    url: str | None
    links: dict[str, str]
