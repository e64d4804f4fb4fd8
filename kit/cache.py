"""A cache with a budget in bytes and a lifetime, for what a process may hold in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Least recently used goes first when the budget is full; nothing outlives `lifetime_s`. Not thread-safe."""

    def __init__(self, budget_bytes: int, lifetime_s: float, size_of: Callable[[Value], int]) -> None:
        self._budget, self._lifetime, self._size_of = budget_bytes, lifetime_s, size_of
        self._entries: OrderedDict[str, tuple[float, int, Value]] = OrderedDict()
        self.used_bytes = 0

    def get(self, key: str) -> Value | None:
        """The value, unless it is unknown or too old."""
        self._expire()
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[2]

    def put(self, key: str, value: Value) -> None:
        """Keep a value; one larger than the whole budget is not kept."""
        self.drop(key)
        size = self._size_of(value)
        if size > self._budget:
            return
        self._entries[key] = (time.monotonic() + self._lifetime, size, value)
        self.used_bytes += size
        while self.used_bytes > self._budget:
            self.drop(next(iter(self._entries)))

    def drop(self, key: str) -> None:
        """Forget a value."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.used_bytes -= entry[1]

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.used_bytes = 0

    def _expire(self) -> None:
        now = time.monotonic()
        for key in [key for key, (until, _, _) in self._entries.items() if until <= now]:
            self.drop(key)
