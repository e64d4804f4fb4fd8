"""What a design must be to be shown, and which of the rows are."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from msgspec import Struct

from modules.catalog.family import ColourFamily
from modules.catalog.search.columns import Columns, family_bits, finish_code, kind_code
from modules.catalog.search.entry import asked_words
from modules.catalog.search.postings import Postings, Rows
from modules.catalog.shelf import DesignKind


class Facet(StrEnum):
    """What a customer can choose by, each counted with the other choices applied."""

    KIND = "kind"
    FINISH = "finish"
    FAMILY = "family"
    TAG = "tag"
    PRICE = "price"
    IN_STOCK = "in_stock"
    RENDERABLE = "renderable"


class Filters(Struct, frozen=True, kw_only=True):
    """Nothing asks nothing; of several values of one property any will do, of several tags all are wanted.

    Prices are in minor units, both bounds included.
    """

    kinds: tuple[DesignKind, ...] = ()
    finishes: tuple[str, ...] = ()
    families: tuple[ColourFamily, ...] = ()
    tags: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool | None = None
    renderable: bool | None = None
    query: str | None = None


class Chosen:
    """How many choices each row fails, and which: enough to count every facet without its own."""

    def __init__(self, filters: Filters, columns: Columns, words: Postings, tags: Postings) -> None:
        self._shown = columns.live.copy()
        for word in asked_words(filters.query or ""):
            self._shown &= words.beginning(word, len(self._shown))
        self._fits = dict(_choices(filters, columns, tags))
        self._missed = np.zeros(len(self._shown), dtype=np.uint8)
        for fits in self._fits.values():
            self._missed += ~fits

    def rows(self) -> Rows:
        """Those that fit everything."""
        fits: Rows = self._shown & (self._missed == 0)
        return fits

    def but_for(self, facet: Facet) -> Rows:
        """Those that fit everything but perhaps this."""
        if facet not in self._fits:
            return self.rows()
        fits: Rows = self._shown & (self._missed == ~self._fits[facet])
        return fits


def _choices(filters: Filters, columns: Columns, tags: Postings) -> Iterator[tuple[Facet, Rows]]:
    if filters.kinds:
        yield Facet.KIND, _any_of(columns.kind, [kind_code(kind) for kind in filters.kinds])
    if filters.finishes:
        yield Facet.FINISH, _any_of(columns.finish, [finish_code(finish) for finish in filters.finishes])
    if filters.families:
        yield Facet.FAMILY, (columns.families & family_bits(filters.families)) != 0
    if filters.tags:
        count = len(columns.live)
        yield Facet.TAG, np.logical_and.reduce([tags.exactly(tag, count) for tag in filters.tags])
    if filters.price_min is not None or filters.price_max is not None:
        least = 0 if filters.price_min is None else filters.price_min
        most = np.iinfo(np.int64).max if filters.price_max is None else filters.price_max
        yield Facet.PRICE, (columns.price >= least) & (columns.price <= most)
    if filters.in_stock is not None:
        yield Facet.IN_STOCK, columns.available == filters.in_stock
    if filters.renderable is not None:
        yield Facet.RENDERABLE, columns.renderable == filters.renderable


def _any_of(column: np.ndarray[tuple[int], np.dtype[np.uint8]], codes: list[int]) -> Rows:
    wanted = np.zeros(256, dtype=np.bool_)
    wanted[codes] = True
    found: Rows = wanted[column]
    return found
