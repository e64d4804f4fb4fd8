"""Facts about stock."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class StockChanged(Event, frozen=True):
    """A product's stock changed. low: it is at or under its threshold now."""

    topic: ClassVar[str] = "stock.changed"
    product_id: str
    delta: int
    stock: int
    low: bool
