"""How many attempts one process makes at once: a slow receiver must not hold up the others, nor other work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Lanes:
    """`total` lanes, `each` of them at most for one receiver. For one event loop."""

    def __init__(self, *, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._busy: Counter[str] = Counter()

    @contextmanager
    def lane(self, receiver: str) -> Iterator[bool]:
        """Whether there was a lane, which is held until the block ends."""
        free = self._busy.total() < self._total and self._busy[receiver] < self._each
        if free:
            self._busy[receiver] += 1
        try:
            yield free
        finally:
            if free:
                self._busy[receiver] -= 1
                self._busy += Counter()  # forgets receivers at zero
