"""What the catalogue answers: pages of designs, one design, bundles, services, the look of chosen designs."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from msgspec import Struct

from kit.db.unit import Unit
from kit.errors import FieldError
from looks.finish import LipFinish, NailFinish, SkinFinish
from looks.look import Look
from modules.catalog import store
from modules.catalog.errors import BadCursor, BundleNotFound, DesignNotFound, UnknownFinish
from modules.catalog.family import ColourFamily
from modules.catalog.shelf import Bundle, Design, DesignKind, Service, Shelf

FINISHES = frozenset(str(finish) for kind in (NailFinish, LipFinish, SkinFinish) for finish in kind)
MOST_PER_PAGE = 100


class DesignFilters(Struct, frozen=True, kw_only=True):
    """What a design must be; None asks nothing."""

    kind: DesignKind | None = None
    finish: str | None = None
    family: ColourFamily | None = None
    query: str | None = None
    renderable: bool | None = None


class CatalogService:
    """Reads the shelf; it holds no other state, so one serves every request."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def designs(
        self, filters: DesignFilters, cursor: str | None = None, limit: int = 50
    ) -> tuple[tuple[Design, ...], str | None]:
        """One page in the shelf's order and the cursor of the next; raises BadCursor, UnknownFinish."""
        if filters.finish is not None and filters.finish not in FINISHES:
            words = f"{filters.finish!r} is not one of {', '.join(sorted(FINISHES))}."
            raise UnknownFinish(words, errors=(FieldError("finish", words),))
        found = self.shelf.search(
            kind=filters.kind,
            finish=filters.finish,
            family=filters.family,
            query=filters.query,
            renderable=filters.renderable,
        )
        place = {id: number for number, id in enumerate(self.shelf.designs)}
        after = -1 if cursor is None else place.get(_last_id(cursor))
        if after is None:
            raise BadCursor
        rest = [design for design in found if place[design.id] > after]
        page = tuple(rest[: min(limit, MOST_PER_PAGE)])
        return page, _cursor(page[-1].id) if len(page) < len(rest) else None

    def design(self, id: str) -> Design:
        """Raises DesignNotFound."""
        if (design := self.shelf.designs.get(id)) is None:
            raise DesignNotFound
        return design

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
    return await store.preview_keys(unit, design_ids)


def _cursor(id: str) -> str:
    return urlsafe_b64encode(id.encode()).decode().rstrip("=")


def _last_id(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
