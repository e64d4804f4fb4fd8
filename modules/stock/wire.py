"""Products and their stock as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from kit.money import Price

MOST_STOCK = 1_000_000
Sku = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=40)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Word = Annotated[str, Meta(max_length=40)]
Unit = Annotated[str, Meta(min_length=1, max_length=20)]
Count = Annotated[int, Meta(ge=0, le=MOST_STOCK)]
Delta = Annotated[int, Meta(ge=-MOST_STOCK, le=MOST_STOCK)]


class ProductKind(StrEnum):
    """What it is for."""

    NAILS = "nails"
    LIPS = "lips"
    FACE = "face"
    EYES = "eyes"
    BROWS = "brows"
    HAIR = "hair"
    CARE = "care"
    TOOL = "tool"
    OTHER = "other"


class Reason(StrEnum):
    """Why stock changed; only a correction may leave less than nothing."""

    DELIVERY = "delivery"
    SALE = "sale"
    USE = "use"
    RETURN = "return"
    LOSS = "loss"
    CORRECTION = "correction"


class ProductRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product to keep. stock: what is there today; low_stock: from this count on it should be ordered again."""

    sku: Sku
    name: Name
    brand: Word = ""
    kind: ProductKind = ProductKind.OTHER
    price: Price
    stock: Count = 0
    low_stock: Count = 0
    unit: Unit = "piece"


class ProductChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. Stock changes by movements only."""

    sku: Sku | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    brand: Word | UnsetType = UNSET
    kind: ProductKind | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    low_stock: Count | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class Product(Struct, frozen=True, kw_only=True):
    """A product. low: its stock is at or under the threshold; version: for If-Match, stock does not raise it."""

    id: str
    sku: str
    name: str
    brand: str
    kind: ProductKind
    price: Price
    stock: int
    low_stock: int
    low: bool
    unit: str
    archived: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ProductPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Product, ...]
    next_cursor: str | None = None


class MovementRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of stock: more than nothing for what comes in, less for what goes out."""

    reason: Reason
    delta: Delta
    note: Annotated[str, Meta(max_length=200)] = ""


class Movement(Struct, frozen=True, kw_only=True):
    """A change that was made, by whom, and the stock after it."""

    id: str
    product_id: str
    reason: Reason
    delta: int
    stock: int
    note: str
    actor_kind: str
    actor: str
    created_at: datetime


class MovementPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Movement, ...]
    next_cursor: str | None = None
