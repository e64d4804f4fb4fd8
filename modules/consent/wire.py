"""Consents as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from modules.consent.texts import Purpose


class ConsentRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer agreed to. signature: what she typed or tapped to agree; customer_id: only for server keys."""

    text_version: str
    purposes: Annotated[tuple[Purpose, ...], Meta(min_length=1, max_length=4)]
    signature: Annotated[str, Meta(min_length=1, max_length=200)]
    language: str = "en"
    customer_id: str | None = None


class Consent(Struct, frozen=True):
    """A consent that was given."""

    id: str
    customer_id: str
    text_version: str
    language: str
    purposes: tuple[Purpose, ...]
    created_at: datetime
    withdrawn_at: datetime | None = None
