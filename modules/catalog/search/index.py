"""All designs that one business offers, held in memory in columns: 100,000 of them are searched in milliseconds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from looks.colour import delta_e00
from modules.catalog.search.columns import Columns, finish_code, kind_code
from modules.catalog.search.entry import Entry, folded
from modules.catalog.search.facets import Facets, facets
from modules.catalog.search.filters import Chosen, Filters
from modules.catalog.search.order import Key, Order, Sort
from modules.catalog.search.postings import Postings
from modules.catalog.shelf import DesignKind

Part = list[str] | NDArray[Any]

STALE_AT = 2000
"""Changed rows are scanned at each query by words; with this many, reading everything anew is cheaper."""


class Found(Struct, frozen=True):
    """One page of ids, the key of its last one where more follow, and how many fit in all."""

    ids: tuple[str, ...]
    next_key: Key | None
    total: int
    facets: Facets | None


class DesignIndex:
    """Not thread-safe. Built by one thread, then asked and changed on the event loop without a wait in between."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._names = [folded(entry.name) for entry in entries]
        self._row = {id: row for row, id in enumerate(self._ids)}
        self._columns = Columns(entries)
        self._words = Postings(entry.words for entry in entries)
        self._tags = Postings(entry.tags for entry in entries)
        self._orders = {sort: Order(self._keys(sort), partial(self._key, sort)) for sort in Sort}

    def search(
        self, filters: Filters, sort: Sort, after: Key | None, limit: int, *, count: bool = False
    ) -> Found:
        """The designs behind the key `after`; with count, facets too. Raises TypeError on a key of another order."""
        chosen = Chosen(filters, self._columns, self._words, self._tags)
        fits, order = chosen.rows(), self._orders[sort]
        rest = order.rows if after is None else order.after(after)
        page = rest[fits[rest]][: limit + 1].tolist()
        return Found(
            ids=tuple(self._ids[row] for row in page[:limit]),
            next_key=self._key(sort, page[limit - 1]) if len(page) > limit else None,
            total=int(np.count_nonzero(fits)),
            facets=facets(chosen, self._columns, self._tags) if count else None,
        )

    def nearest(
        self,
        lab: tuple[float, float, float],
        *,
        kind: DesignKind,
        finish: str | None,
        within: float,
        limit: int,
        leave_out: str | None = None,
    ) -> list[tuple[str, float]]:
        """Designs of this kind in stock whose leading swatch lies within this ΔE00, nearest first, with the ΔE00."""
        columns = self._columns
        fits = columns.live & columns.available & (columns.kind == kind_code(kind))
        if finish is not None:
            fits &= columns.finish == finish_code(finish)
        if leave_out in self._row:
            fits[self._row[leave_out]] = False
        rows = np.flatnonzero(fits)
        # ΔE00 of 100,000 pairs takes 40 ms: a difference in lightness alone tells most of them apart, as S_L ≤ 1.75.
        rows = rows[np.abs(columns.lab[rows, 0] - lab[0]) <= 1.75 * within]
        distances = delta_e00(columns.lab[rows], np.array(lab))
        near = sorted((float(distances[n]), self._ids[rows[n]]) for n in np.flatnonzero(distances <= within))
        return [(id, distance) for distance, id in near[:limit]]

    def change(self, entries: Sequence[Entry], gone: Collection[str]) -> None:
        """Take in designs that are new or changed, and let go of those that are no longer offered."""
        named = {self._row[id] for id in (*gone, *(entry.id for entry in entries)) if id in self._row}
        leaving = [row for row in named if self._columns.live[row]]
        self._columns.live[leaving] = False
        for order in self._orders.values():
            order.keep(self._columns.live)
        for row in leaving:
            self._words.put(row, ())
            self._tags.put(row, ())
        self._add([entry for entry in entries if entry.id not in self._row])
        entering = {self._row[entry.id]: entry for entry in entries}
        for row, entry in entering.items():
            self._names[row] = folded(entry.name)
            self._columns.put(row, entry)
            self._words.put(row, entry.words)
            self._tags.put(row, entry.tags)
        for order in self._orders.values():
            order.enter(entering)

    def _add(self, entries: Sequence[Entry]) -> None:
        """Make rows for designs that never had one."""
        if entries:
            self._row.update((entry.id, len(self._ids) + n) for n, entry in enumerate(entries))
            self._ids += [entry.id for entry in entries]
            self._names += [folded(entry.name) for entry in entries]
            self._columns.extend(entries)

    def _key(self, sort: Sort, row: int) -> Key:
        return tuple(part[row] if isinstance(part, list) else part[row].item() for part in self._parts(sort))

    def _keys(self, sort: Sort) -> list[Key]:
        return [
            *zip(
                *(part if isinstance(part, list) else part.tolist() for part in self._parts(sort)),
                strict=True,
            )
        ]

    def _parts(self, sort: Sort) -> tuple[Part, ...]:
        """What designs are ordered by, the most telling first."""
        columns = self._columns
        match sort:
            case Sort.SHELF:
                return columns.kind, columns.place, self._ids
            case Sort.NAME:
                return self._names, self._ids
            case Sort.PRICE:
                return columns.currency, columns.price, self._ids
            case Sort.PRICE_DESCENDING:
                return columns.currency, columns.falling_price, self._ids
            case Sort.NEWEST:
                return columns.age, columns.place, self._ids

    def is_available(self, design_id: str) -> bool:
        """Whether a design is in stock, or not counted at all; a design that is not here counts as there."""
        row = self._row.get(design_id)
        return row is None or bool(self._columns.available[row])

    @property
    def changed(self) -> int:
        """How many rows were changed since it was built."""
        return len(self._words.fresh)

    @property
    def nbytes(self) -> int:
        """About what it takes of memory; ids and names are counted at 200 bytes a design."""
        return (
            self._columns.nbytes
            + self._words.nbytes
            + self._tags.nbytes
            + (200 + 4 * len(Sort)) * len(self._ids)
        )
