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
        image = self._tips.path(shown.design.id)
        if shown.picture_key is not None:
            image = await self._storage.url(shown.picture_key, expires_in=PICTURE_LIFETIME)
        return DesignView.of(shown.design, image, in_stock=shown.in_stock)

    async def all(self, designs: Sequence[Shown]) -> tuple[DesignView, ...]:
        return tuple(await asyncio.gather(*map(self.one, designs)))

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
