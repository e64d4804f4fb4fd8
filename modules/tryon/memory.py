"""What one worker has seen of photos lately, and the promise to forget them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from kit.cache import BoundedCache

BUDGET_BYTES, LIFETIME_S = 256 * 1024**2, 600.0
MOST_ERASED = 10_000

Seen = TypeVar("Seen")


class Memory(Generic[Seen]):
    """By photo id, for ten minutes. What is forgotten is not remembered again by a render in the middle of it."""

    def __init__(self, size_of: Callable[[Seen], int]) -> None:
        self._seen = BoundedCache[Seen](BUDGET_BYTES, LIFETIME_S, size_of)
        self._erased = BoundedCache[bool](MOST_ERASED, LIFETIME_S, lambda _: 1)

    def recall(self, photo_id: str) -> Seen | None:
        return self._seen.get(photo_id)

    def remember(self, photo_id: str, seen: Seen) -> None:
        """Unless the photo was erased."""
        if self._erased.get(photo_id) is None:
            self._seen.put(photo_id, seen)

    def forget(self, photo_id: str | None) -> None:
        """Drop a photo that was erased; None drops all of them, for nobody knows which were."""
        if photo_id is None:
            self._seen.clear()
        else:
            self._seen.drop(photo_id)
            self._erased.put(photo_id, True)
