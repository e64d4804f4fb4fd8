"""Search's answers as JSON."""

from __future__ import annotations

from msgspec import Struct

from modules.catalog.search.facets import Facets
from modules.catalog.wire import DesignView


class DesignPage(Struct, frozen=True):
    """Some of the designs; ask again with `next_cursor` until it is null. total: how many fit in all."""

    items: tuple[DesignView, ...]
    next_cursor: str | None
    total: int
    facets: Facets | None = None


class NearDesign(Struct, frozen=True):
    """A design and how far its leading swatch is from the colour asked for: CIEDE2000, below 1 nobody sees it."""

    delta_e: float
    design: DesignView


class NearDesigns(Struct, frozen=True):
    """Nearest first, all on one page."""

    items: tuple[NearDesign, ...]
    next_cursor: str | None = None
