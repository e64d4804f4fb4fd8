"""Which rows hold which term: an inverted index in three arrays, and a small overlay of rows that changed since."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from modules.catalog.search.spelling import Spelling

Rows = NDArray[np.bool_]
LAST = "\U0010ffff"


class Postings:
    """Terms in order, and for each the rows that hold it. Rows in `fresh` are scanned instead of looked up."""

    def __init__(self, terms_of_rows: Iterable[Collection[str]]) -> None:
        numbers: dict[str, int] = {}
        held, sizes = array("l"), array("l")
        for terms in terms_of_rows:
            held.extend(numbers.setdefault(term, len(numbers)) for term in terms)
            sizes.append(len(terms))
        self.terms = sorted(numbers)
        rank = np.empty(len(numbers), dtype=np.int64)
        rank[[numbers[term] for term in self.terms]] = np.arange(len(numbers))
        ranked = rank[np.array(held, dtype=np.int64)]
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), np.array(sizes, dtype=np.int64))
        self._rows = rows[np.argsort(ranked, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(ranked, minlength=len(numbers)))])
        self._spelling: Spelling | None = None
        self.fresh: dict[int, frozenset[str]] = {}

    def put(self, row: int, terms: Iterable[str]) -> None:
        """Say what a changed or new row holds."""
        self.fresh[row] = frozenset(terms)

    def exactly(self, term: str, count: int) -> Rows:
        """Which of `count` rows hold this term."""
        place = bisect_left(self.terms, term)
        last = place + (place < len(self.terms) and self.terms[place] == term)
        return self._mask(range(place, last), frozenset({term}), count)

    def beginning(self, prefix: str, count: int) -> Rows:
        """Which of `count` rows hold a term with this beginning; where no row does, one slip is forgiven."""
        first, last = bisect_left(self.terms, prefix), bisect_left(self.terms, prefix + LAST)
        found = self._mask(range(first, last), frozenset(), count)
        for row, terms in self.fresh.items():
            found[row] = any(term.startswith(prefix) for term in terms)
        if found.any():
            return found
        if self._spelling is None:
            self._spelling = Spelling(self.terms)
        for place in self._spelling.near(prefix):
            found[self._of(int(place), int(place) + 1)] = True
        fresh = sorted(set().union(*self.fresh.values()))
        near = {fresh[place] for place in Spelling(fresh).near(prefix)}
        for row, terms in self.fresh.items():
            found[row] = not near.isdisjoint(terms)
        return found

    def counts(self, chosen: Rows) -> Mapping[str, int]:
        """How many of the chosen rows hold each term; terms that none holds are left out."""
        if not self.terms:
            return _counted(self.fresh, chosen, {})
        old = chosen.copy()
        old[list(self.fresh)] = False
        held = np.add.reduceat(old[self._rows].view(np.uint8), self._starts[:-1], dtype=np.int32)
        found = {self.terms[place]: int(held[place]) for place in np.flatnonzero(held)}
        return _counted(self.fresh, chosen, found)

    def _of(self, first: int, last: int) -> NDArray[np.int32]:
        return self._rows[self._starts[first] : self._starts[last]]

    def _mask(self, places: range, terms: frozenset[str], count: int) -> Rows:
        found = np.zeros(count, dtype=np.bool_)
        found[self._of(places.start, places.stop)] = True
        for row, held in self.fresh.items():
            found[row] = not terms.isdisjoint(held)
        return found

    @property
    def nbytes(self) -> int:
        """Arrays, and about 80 bytes for each term's text."""
        return self._rows.nbytes + self._starts.nbytes + 80 * len(self.terms)


def _counted(fresh: Mapping[int, frozenset[str]], chosen: Rows, counts: dict[str, int]) -> dict[str, int]:
    """The counts with those of the rows that changed."""
    for row, terms in fresh.items():
        if chosen[row]:
            for term in terms:
                counts[term] = counts.get(term, 0) + 1
    return counts
