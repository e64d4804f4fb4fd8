"""Photos as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class SampleRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The consent under which a sample is taken, as if it were the customer's own photo."""

    consent_id: Annotated[str, Meta(min_length=1, max_length=40)]


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
