"""Quotes as the API takes and shows them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from kit.money import Price
from modules.booking.quote import Line, Wishes
from modules.booking.wire import Designs, Id


class QuoteRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to price: a look of a try-on, or designs by name."""

    tryon_id: Id | None = None
    look: Annotated[int, Meta(ge=0, le=11)] = 0
    designs: Designs = ()
    wishes: Wishes = Wishes()


class NearestInStock(Struct, frozen=True):
    """A design in stock that comes close. delta_e: CIEDE2000 between the leading swatches."""

    id: str
    name: str
    delta_e: float


class QuotedDesign(Struct, frozen=True):
    """A design of the look. in_stock: false where its product is known to be used up; alternatives: within ΔE 3."""

    id: str
    name: str
    sku: str
    in_stock: bool
    alternatives: tuple[NearestInStock, ...]


class QuoteSession(Struct, frozen=True):
    """One appointment. days_after: at least so long after the one before."""

    minutes: int
    days_after: int


class Quote(Struct, frozen=True, kw_only=True):
    """One number, and a line for each reason. today: whether all of it is in stock.

    patch_test_hours: a patch test is due at least so long before, 0 for none; booking makes its appointment as well.
    """

    price: Price
    minutes: int
    lines: tuple[Line, ...]
    sessions: tuple[QuoteSession, ...]
    patch_test_hours: int
    designs: tuple[QuotedDesign, ...]
    today: bool
