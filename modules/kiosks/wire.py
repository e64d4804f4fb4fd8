"""Kiosks as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class PairingRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How the kiosk is to be called."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]


class Pairing(Struct, frozen=True):
    """A code to type at the kiosk; it is shown this once."""

    id: str
    name: str
    code: str
    expires_at: datetime


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """The code as it was typed; blanks, hyphens and small letters do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]


class PairedKiosk(Struct, frozen=True):
    """A kiosk's own credential; it is never shown again."""

    id: str
    business_id: str
    name: str
    credential: str


class Kiosk(Struct, frozen=True):
    """A kiosk as lists show it; one without paired_at waits for its code."""

    id: str
    name: str
    created_at: datetime
    paired_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class KioskPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Kiosk, ...]
    next_cursor: str | None = None
