"""Facet counts, as shops show them: how many designs each further choice would leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from modules.catalog.search.columns import FAMILIES, FINISHES, KINDS, Columns
from modules.catalog.search.filters import Chosen, Facet
from modules.catalog.search.postings import Postings, Rows

MOST_TAGS = 30
_BITS = np.array(
    [[value >> place & 1 for place in range(len(FAMILIES))] for value in range(1 << 16)], np.int32
)
"""For each set of colour families, which are in it."""


class Count(Struct, frozen=True):
    """One value and how many designs have it."""

    value: str
    count: int


class PriceRange(Struct, frozen=True):
    """Lowest and highest price in one currency, in minor units."""

    currency: str
    lowest: int
    highest: int
    count: int


class Facets(Struct, frozen=True, kw_only=True):
    """Counts of each facet with all other choices applied; values that no design has are left out.

    family counts a design under each of its colours; tag holds the thirty commonest.
    """

    kind: tuple[Count, ...]
    finish: tuple[Count, ...]
    family: tuple[Count, ...]
    tag: tuple[Count, ...]
    price: tuple[PriceRange, ...]
    in_stock: int
    renderable: int


def facets(chosen: Chosen, columns: Columns, tags: Postings) -> Facets:
    """Count every facet of what was chosen."""
    families = np.bincount(columns.families[chosen.but_for(Facet.FAMILY)], minlength=1 << 16)
    seen = np.flatnonzero(families)
    by_tag = tags.counts(chosen.but_for(Facet.TAG))
    commonest = sorted(by_tag.items(), key=lambda held: (-held[1], held[0]))[:MOST_TAGS]
    return Facets(
        kind=_counts(KINDS, np.bincount(columns.kind[chosen.but_for(Facet.KIND)])),
        finish=_counts(FINISHES, np.bincount(columns.finish[chosen.but_for(Facet.FINISH)])),
        family=_counts(FAMILIES, families[seen] @ _BITS[seen]),
        tag=tuple(Count(tag, count) for tag, count in commonest),
        price=_prices(columns, chosen.but_for(Facet.PRICE)),
        in_stock=int(np.count_nonzero(chosen.but_for(Facet.IN_STOCK) & columns.available)),
        renderable=int(np.count_nonzero(chosen.but_for(Facet.RENDERABLE) & columns.renderable)),
    )


def _counts(values: Sequence[str], counts: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[Count, ...]:
    return tuple(
        Count(str(value), int(count)) for value, count in zip(values, counts, strict=False) if value and count
    )


def _prices(columns: Columns, rows: Rows) -> tuple[PriceRange, ...]:
    """One range for each currency; a business has hardly more than one."""
    found = []
    while rows.any():
        currency = columns.currency[rows.argmax()]
        same = rows & (columns.currency == currency)
        prices = columns.price[same]
        found.append(PriceRange(str(currency), int(prices.min()), int(prices.max()), len(prices)))
        rows = rows & ~same
    return tuple(sorted(found, key=lambda price: price.currency))
