"""Favourites and what was tried lately as JSON."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from modules.catalog.wire import DesignView


class Favourite(Struct, frozen=True):
    """A design that a customer likes."""

    design: DesignView
    since: datetime


class Favourites(Struct, frozen=True):
    """Newest first, at most a hundred, on one page."""

    items: tuple[Favourite, ...]
    next_cursor: str | None = None


class TriedDesign(Struct, frozen=True):
    """A design that a customer tried on, and when last."""

    design: DesignView
    tried_at: datetime


class TriedDesigns(Struct, frozen=True):
    """Newest first, at most fifty, each once, on one page."""

    items: tuple[TriedDesign, ...]
    next_cursor: str | None = None
