"""Visits and tickets as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Id = Annotated[str, Meta(min_length=1, max_length=40)]


class PublicVisit(Struct, frozen=True, forbid_unknown_fields=True):
    """A visit of a business's web page."""

    public_id: Id


class TicketRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket to make. customer_id: whom the phone takes over; without it the phone gets a new customer."""

    customer_id: Id | None = None


class Ticket(Struct, frozen=True):
    """A ticket to show as a QR code; it is shown this once."""

    id: str
    ticket: str
    expires_at: datetime
    customer_id: str | None = None


class TicketRedemption(Struct, frozen=True, forbid_unknown_fields=True):
    """The ticket that a phone has read."""

    ticket: Annotated[str, Meta(min_length=1, max_length=200)]
