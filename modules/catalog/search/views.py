"""From what was found to what the API shows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kit.storage import Storage
from modules.catalog.salon.views import PICTURE_LIFETIME
from modules.catalog.search.service import Page, Shown
from modules.catalog.search.wire import DesignPage, NearDesign, NearDesigns
from modules.catalog.tips import Tips
from modules.catalog.wire import DesignView


class Views:
    """Knows where pictures are: of shipped designs in memory, of own ones in storage."""

    def __init__(self, tips: Tips, storage: Storage) -> None:
        self._tips, self._storage = tips, storage

    async def one(self, shown: Shown) -> DesignView:
        """A design; the URL of an own design's picture is signed for fifteen minutes."""
        return (await self.all([shown]))[0]

    async def all(self, designs: Sequence[Shown]) -> tuple[DesignView, ...]:
        """The same for many; pictures are signed side by side."""
        keys = [shown.picture_key for shown in designs if shown.picture_key is not None]
        signing = (self._storage.url(key, expires_in=PICTURE_LIFETIME) for key in keys)
        signed = dict(zip(keys, await asyncio.gather(*signing), strict=True))
        return tuple(
            DesignView.of(
                shown.design,
                self._tips.path(shown.design.id) if shown.picture_key is None else signed[shown.picture_key],
                in_stock=shown.in_stock,
            )
            for shown in designs
        )

    async def page(self, page: Page) -> DesignPage:
        return DesignPage(await self.all(page.designs), page.next_cursor, page.total, page.facets)

    async def near(self, found: Sequence[tuple[Shown, float]]) -> NearDesigns:
        designs = await self.all([shown for shown, _ in found])
        return NearDesigns(
            tuple(
                NearDesign(round(distance, 2), design)
                for design, (_, distance) in zip(designs, found, strict=True)
            )
        )
