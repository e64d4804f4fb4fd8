"""Money as people write it in tables, and as the API carries it: minor units of an ISO 4217 currency."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

MOST = 100_000_000
"""Minor units of one price: beyond it, somebody mistyped."""

_WITHOUT = frozenset(re.findall("...", "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF"))
_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_FORM = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?")


class Price(Struct, frozen=True, forbid_unknown_fields=True):
    """Money in minor units (cents) of an ISO 4217 currency."""

    amount: Annotated[int, Meta(ge=0, le=MOST)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", min_length=3, max_length=3)]


def digits(currency: str) -> int:
    """Decimal places of a currency (ISO 4217, list of 2024)."""
    return 0 if currency in _WITHOUT else 3 if currency in _THOUSANDTHS else 2


def written(amount: int, currency: str) -> str:
    """`1250` EUR as `12.50`."""
    return str(Decimal(amount).scaleb(-digits(currency)))


def read(text: str, currency: str) -> int:
    """`12.50`, `12,5` or `12` as minor units; raises ValueError on any other form and on parts of a minor unit."""
    if not _FORM.fullmatch(text):
        raise ValueError(f"a price is written like 12.50, got {text!r}")
    minor = Decimal(text.replace(",", ".")).scaleb(digits(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency} has {digits(currency)} decimal places, got {text!r}")
    return int(minor)
