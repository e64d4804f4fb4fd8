"""What ships with the product: bundles, services, the look of chosen designs. modules/catalog/search finds designs."""

from __future__ import annotations

from collections.abc import Iterable

from kit.db.unit import Unit
from looks.look import Look
from modules.catalog import store
from modules.catalog.errors import BundleNotFound
from modules.catalog.shelf import Bundle, Service, Shelf


class CatalogService:
    """Reads the shelf; it holds no other state, so one serves every request."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def bundles(self) -> tuple[Bundle, ...]:
        return tuple(self.shelf.bundles.values())

    def bundle(self, id: str) -> Bundle:
        """Raises BundleNotFound."""
        if (bundle := self.shelf.bundles.get(id)) is None:
            raise BundleNotFound
        return bundle

    def services(self) -> tuple[Service, ...]:
        return tuple(self.shelf.services.values())

    def look(self, ids: Iterable[str], name: str | None = None) -> Look:
        """The look of these designs; raises UnknownDesign, UnrenderableDesign, UnfitSelection."""
        return self.shelf.look(ids, name)


async def kept_previews(unit: Unit, design_ids: set[str]) -> set[str]:
    """Keys of the pictures that these designs of a salon's own show."""
    return await store.designs.preview_keys(unit, design_ids)
