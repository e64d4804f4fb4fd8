"""Consents as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from modules.consent.texts import ConsentText, Purpose

Purposes = Annotated[tuple[Purpose, ...], Meta(min_length=1, max_length=4)]


class ConsentRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer agreed to. signature: what she typed or tapped to agree; customer_id: only for server keys."""

    text_version: str
    purposes: Purposes
    signature: Annotated[str, Meta(min_length=1, max_length=200)]
    language: str = "en"
    customer_id: str | None = None


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer takes back. `try_on` takes everything else along: all of it rests on the photo."""

    purposes: Purposes


class Consent(Struct, frozen=True):
    """A consent that was given. ends: when each tick ends, by its clock or because it was taken back."""

    id: str
    customer_id: str
    text_version: str
    language: str
    purposes: tuple[Purpose, ...]
    ends: dict[Purpose, datetime]
    created_at: datetime
    withdrawn_at: datetime | None = None

    def stands(self, purpose: Purpose, at: datetime) -> bool:
        """Whether this tick counts at that time."""
        if purpose not in self.purposes or self.withdrawn_at is not None:
            return False
        return purpose not in self.ends or self.ends[purpose] > at


class ConsentReceipt(Struct, frozen=True):
    """What a customer can keep: what she agreed to, in which words, and how she signed.

    text_sha256: of the words as they were shown, noted when she signed. receipt_sha256: of this receipt's JSON with
    sorted keys, without this field.
    """

    consent: Consent
    business: str
    text: ConsentText
    text_sha256: str
    signature: str
    receipt_sha256: str = ""
