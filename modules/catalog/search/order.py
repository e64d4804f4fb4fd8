"""Orders in which designs are leafed through, and the place in them that a cursor means."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Key = tuple[int | str, ...]
KeyOf = Callable[[int], Key]


class Sort(StrEnum):
    SHELF = "shelf"
    NAME = "name"
    PRICE = "price"
    PRICE_DESCENDING = "-price"
    NEWEST = "newest"


class Order:
    """Rows by ascending key; keys end with the design's id, so that no two are alike in any process."""

    def __init__(self, keys: Sequence[Key], key_of: KeyOf) -> None:
        self.rows: NDArray[np.int32] = np.array(
            sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int32
        )
        self._key_of = key_of

    def keep(self, wanted: NDArray[np.bool_]) -> None:
        """Take out the rows that are not wanted."""
        self.rows = self.rows[wanted[self.rows]]

    def enter(self, rows: Iterable[int]) -> None:
        """Put rows where their keys belong."""
        keys = sorted((self._key_of(row), row) for row in rows)
        places = [bisect_left(self.rows, key, key=self._key_of) for key, _ in keys]
        self.rows = np.insert(self.rows, places, [row for _, row in keys])

    def after(self, key: Key) -> NDArray[np.int32]:
        """Rows behind this key, whether or not something still has it. Raises TypeError on a key of another order."""
        return self.rows[bisect_right(self.rows, key, key=self._key_of) :]
