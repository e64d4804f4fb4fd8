"""The stylist's tech sheet as JSON."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kit.money import Price
from looks.finger import Finger
from modules.booking.quote_wire import NearestInStock
from modules.booking.wire import BookingStatus


class SheetSwatch(Struct, frozen=True):
    """A colour to match: sRGB as hex, CIE Lab under D65."""

    hex: str
    lab: tuple[float, float, float]


class SheetDesign(Struct, frozen=True, kw_only=True):
    """What is worn, and what it is made with. in_stock: false where it is known to be used up."""

    id: str
    name: str
    sku: str
    finish: str | None
    swatches: tuple[SheetSwatch, ...]
    shape: str | None
    length: float | None
    coats: int | None
    in_stock: bool
    alternatives: tuple[NearestInStock, ...]


class SheetFinger(Struct, frozen=True):
    """A finger of each hand, and ids of the designs that it wears, the lowest first."""

    finger: Finger
    designs: tuple[str, ...]


class SheetStep(Struct, frozen=True):
    """One thing to do, in its order."""

    what: str
    detail: str = ""


class SheetTime(Struct, frozen=True):
    """A stretch of the visit. hands: somebody works; else it sets, and she is free for another."""

    starts_at: datetime
    ends_at: datetime
    stylist: str
    service: str
    hands: bool
    resources: tuple[str, ...]


class PatchTest(StrEnum):
    """told: she said that she had one."""

    NOT_NEEDED = "not_needed"
    DONE = "done"
    TOLD = "told"
    BOOKED = "booked"
    MISSING = "missing"


class SheetPictures(Struct, frozen=True):
    """URLs for fifteen minutes; null where she did not agree that her stylist keeps them, or they are gone."""

    before: str | None = None
    after: str | None = None


class TechSheet(Struct, frozen=True, kw_only=True):
    """All that a stylist wants to know before the customer sits down. language: of the recipe's words."""

    booking_id: str
    language: str
    status: BookingStatus
    customer: str
    starts_at: datetime
    ends_at: datetime
    location: str
    zone: str
    price: Price
    note: str
    patch_test: PatchTest
    patch_test_at: datetime | None
    pictures: SheetPictures
    designs: tuple[SheetDesign, ...]
    fingers: tuple[SheetFinger, ...]
    recipe: tuple[SheetStep, ...]
    times: tuple[SheetTime, ...]
