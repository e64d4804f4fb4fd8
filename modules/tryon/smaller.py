"""A result's pictures in other sizes: made when first asked for, kept beside the picture, gone with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kit.db.engine import Database
from kit.decode import DecodePool
from kit.metrics import SMALLER_PICTURES
from kit.storage import ObjectMissing, Storage
from modules.accounts.errors import BusinessSuspended
from modules.tryon import keys, store
from modules.tryon.errors import UnknownPicture, UnknownTryOn
from modules.tryon.sizes import Format


@dataclass(frozen=True, slots=True)
class Smaller:
    """Makes each picture once: who asks for one that is being made waits for it.

    Another process may be making the same one. Both come to the same bytes, and the second put replaces the first.
    """

    db: Database
    storage: Storage
    gate: DecodePool
    _making: dict[str, asyncio.Task[bytes]] = field(default_factory=dict)

    async def picture(self, tryon_id: str, picture: str, width: int, format: Format) -> bytes:
        """The picture's bytes. picture: a look's number, or `before`. The caller has checked the link.

        Raises UnknownTryOn, UnknownPicture, BusinessSuspended, DecodeBusy, StorageAway.
        """
        business_id = await self._business(tryon_id)
        source = await self._source(business_id, tryon_id, picture)
        key = keys.smaller(source, width, format)
        try:
            made = await self.storage.get(key)
        except ObjectMissing:
            making = self._making.get(key)
            if making is None:
                making = asyncio.create_task(self._make(business_id, tryon_id, picture, width, format))
                self._making[key] = making
                making.add_done_callback(lambda done: self._forget(key, done))
            return await asyncio.shield(making)  # whoever goes away does not take it from the others
        SMALLER_PICTURES.labels("found").inc()
        return made

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
        """Make and keep it, and take it back when the large one is not shown any more."""
        async with self.gate.turn():
            source = await self._source(business_id, tryon_id, picture)
            try:
                large = await self.storage.get(source)
            except ObjectMissing:
                raise UnknownPicture from None
            made = await self.gate.shrink(large, width=width, format=format)
        key = keys.smaller(source, width, format)
        await self.storage.put(key, made, f"image/{format}")
        try:
            await self._source(business_id, tryon_id, picture)
        except BaseException:  # erased, or hidden, meanwhile
            await self.storage.delete(key)
            raise
        SMALLER_PICTURES.labels("made").inc()
        return made

    def _forget(self, key: str, done: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if not done.cancelled():
            done.exception()  # it was told to whoever still waits; nobody may
