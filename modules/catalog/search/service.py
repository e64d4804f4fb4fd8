"""Searching, counting and comparing what a business offers; every answer is true as of its request."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from kit.db.ready import Reader
from kit.errors import FieldError
from looks.colour import Swatch
from modules.catalog import offer
from modules.catalog.errors import BadCursor, DesignNotFound, TooManyWords, UnknownColour, UnknownFinish
from modules.catalog.search import cursor as cursors
from modules.catalog.search.columns import FINISHES
from modules.catalog.search.entry import asked_words
from modules.catalog.search.facets import Facets
from modules.catalog.search.filters import Filters
from modules.catalog.search.held import Indexes
from modules.catalog.search.index import DesignIndex
from modules.catalog.search.order import Sort
from modules.catalog.shelf import Design, DesignKind, Shelf

MOST_WORDS = 8
FARTHEST = 20.0
"""ΔE00 beyond which nobody calls two shades alike."""


class Shown(Struct, frozen=True):
    """A design on offer. picture_key: where an own design's drawn picture lies in storage."""

    design: Design
    picture_key: str | None
    in_stock: bool


class Page(Struct, frozen=True):
    """Designs in order, the cursor of the next page, how many fit in all, and the counts that were asked for."""

    designs: Sequence[Shown]
    next_cursor: str | None
    total: int
    facets: Facets | None


class Search:
    """One for each process: it holds the indexes."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self._indexes = shelf, Indexes(shelf)

    async def page(
        self, reader: Reader, filters: Filters, sort: Sort, cursor: str | None, limit: int, *, count: bool
    ) -> Page:
        """One page of the designs that fit. Raises BadCursor, UnknownFinish, TooManyWords."""
        _check(filters)
        after = None if cursor is None else cursors.read(sort, cursor)
        index = await self._indexes.of(reader)
        try:
            found = index.search(filters, sort, after, limit, count=count)
        except TypeError as error:  # a key of another order
            raise BadCursor from error
        next_cursor = None if found.next_key is None else cursors.written(sort, found.next_key)
        designs = await self._shown(reader, index, found.ids)
        return Page(designs, next_cursor, found.total, found.facets)

    async def shown(self, reader: Reader, ids: Sequence[str]) -> list[Shown]:
        """Those of the named designs that are on offer, in their order. It must not have written."""
        return await self._shown(reader, await self._indexes.of(reader), ids)

    async def wearable(self, reader: Reader, kind: DesignKind, limit: int) -> list[Shown]:
        """Designs of one kind in stock that can be tried on, in the order of the shelf."""
        index = await self._indexes.of(reader)
        wanted = Filters(kinds=(kind,), in_stock=True, renderable=True)
        return await self._shown(
            reader, index, index.search(wanted, Sort.SHELF, None, limit, count=False).ids
        )

    async def find(self, reader: Reader, design_id: str) -> Shown:
        """One design on offer. Raises DesignNotFound."""
        found = await self.shown(reader, [design_id])
        if not found:
            raise DesignNotFound
        return found[0]

    async def nearest_to(
        self, reader: Reader, design_id: str, *, same_finish: bool, within: float, limit: int
    ) -> list[tuple[Shown, float]]:
        """Designs of the same kind in stock, by how far their leading swatch is from this one's, in ΔE00.

        Raises DesignNotFound.
        """
        design = (await self.find(reader, design_id)).design
        finish = None if design.finish is None or not same_finish else str(design.finish)
        return await self._nearest(reader, design.swatches[0], design.kind, finish, within, limit, design_id)

    async def nearest_to_colour(
        self, reader: Reader, hex: str, *, kind: DesignKind, finish: str | None, within: float, limit: int
    ) -> list[tuple[Shown, float]]:
        """The same for a colour that is no design's. Raises UnknownColour, UnknownFinish."""
        _check_finish(finish)
        try:
            swatch = Swatch.of("#" + hex.removeprefix("#").lower())
        except ValueError:
            raise UnknownColour(errors=(FieldError("hex", UnknownColour.public),)) from None
        return await self._nearest(reader, swatch, kind, finish, within, limit, None)

    async def _nearest(
        self,
        reader: Reader,
        swatch: Swatch,
        kind: DesignKind,
        finish: str | None,
        within: float,
        limit: int,
        leave_out: str | None,
    ) -> list[tuple[Shown, float]]:
        index = await self._indexes.of(reader)
        near = dict(
            index.nearest(
                swatch.lab, kind=kind, finish=finish, within=within, limit=limit, leave_out=leave_out
            )
        )
        return [(shown, near[shown.design.id]) for shown in await self._shown(reader, index, [*near])]

    async def _shown(self, reader: Reader, index: DesignIndex, ids: Sequence[str]) -> list[Shown]:
        found = await offer.offered_of(reader, self._shelf, ids)
        return [
            Shown(offered.design, offered.picture_key, index.is_available(id))
            for id, offered in found.items()
        ]


def _check(filters: Filters) -> None:
    for finish in filters.finishes:
        _check_finish(finish)
    if len(asked_words(filters.query or "")) > MOST_WORDS:
        raise TooManyWords(errors=(FieldError("q", TooManyWords.public),))


def _check_finish(finish: str | None) -> None:
    if finish is not None and finish not in FINISHES[1:]:
        words = f"{finish!r} is not one of {', '.join(FINISHES[1:])}."
        raise UnknownFinish(words, errors=(FieldError("finish", words),))
