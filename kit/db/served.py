"""Which business a request turned out to be for: who opens a unit of work knows it, the log of requests wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_served: ContextVar[set[str] | None] = ContextVar("served", default=None)


@contextmanager
def noting() -> Iterator[set[str]]:
    """The businesses of the units of work that are opened in the block, as they come."""
    businesses: set[str] = set()
    token = _served.set(businesses)
    try:
        yield businesses
    finally:
        _served.reset(token)


def note(business_id: str) -> None:
    """A unit of work of this business begins."""
    if (businesses := _served.get()) is not None:
        businesses.add(business_id)
