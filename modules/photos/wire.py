"""Photos as the API shows them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Photo(Struct, frozen=True):
    """A verified photo; width and height are of the upright picture."""

    id: str
    customer_id: str
    consent_id: str
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int
    sha256: str
    created_at: datetime
    expires_at: datetime
