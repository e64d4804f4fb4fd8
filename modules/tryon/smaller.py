"""A result's pictures in other sizes: made when first asked for, kept beside the picture, gone with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.db.engine import Database
from kit.decode import DecodePool
from kit.metrics import SMALLER_PICTURES
from kit.storage import ObjectMissing, Storage
from kit.storage.derived import Derived
from modules.accounts.errors import BusinessSuspended
from modules.tryon import keys, store
from modules.tryon.errors import UnknownPicture, UnknownTryOn
from modules.tryon.sizes import Format


@dataclass(slots=True)
class Smaller:
    """Makes each picture once, beside the large one."""

    db: Database
    storage: Storage
    gate: DecodePool
    _derived: Derived = field(init=False)

    def __post_init__(self) -> None:
        self._derived = Derived(self.storage, SMALLER_PICTURES)

    async def picture(self, tryon_id: str, picture: str, width: int, format: Format) -> bytes:
        """The picture's bytes. picture: a look's number, or `before`. The caller has checked the link.

        Raises UnknownTryOn, UnknownPicture, BusinessSuspended, DecodeBusy, PictureUnreadable, StorageAway.
        """
        business_id = await self._business(tryon_id)
        source = await self._source(business_id, tryon_id, picture)
        return await self._derived.get(
            keys.smaller(source, width, format),
            f"image/{format}",
            make=lambda: self._make(business_id, tryon_id, picture, width, format),
            check=lambda: self._source(business_id, tryon_id, picture),
        )

    async def _business(self, tryon_id: str) -> str:
        """Whose try-on it is: the link does not say."""
        async with self.db.nobody() as unit:
            holder = await store.holder_of(unit, tryon_id)
        if holder is None:
            raise UnknownTryOn
        if holder.suspended:
            raise BusinessSuspended
        return holder.business_id

    async def _source(self, business_id: str, tryon_id: str, picture: str) -> str:
        """The key of the large picture, while it is shown."""
        async with self.db.tenant(business_id) as unit:
            row = await store.find(unit, tryon_id)
        if row is None:
            raise UnknownTryOn
        source = row.result.largest.get(picture) if row.result else None
        if source is None:
            raise UnknownPicture
        return source

    async def _make(self, business_id: str, tryon_id: str, picture: str, width: int, format: Format) -> bytes:
        async with self.gate.turn():
            source = await self._source(business_id, tryon_id, picture)
            try:
                large = await self.storage.get(source)
            except ObjectMissing:
                raise UnknownPicture from None
            return await self.gate.shrink(large, width=width, format=format)
