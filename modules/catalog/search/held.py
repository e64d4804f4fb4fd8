"""The indexes that one process holds, each caught up with the database before it is asked."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from kit.cache import BoundedCache
from kit.db.ready import Reader
from modules.catalog.search import store
from modules.catalog.search.entries import ShippedEntries, own_entry
from modules.catalog.search.index import STALE_AT, DesignIndex
from modules.catalog.shelf import Shelf

BUDGET_BYTES = 384 * 1024**2
LIFETIME_S = 24 * 3600.0
AT_ONCE = 2000
"""Rows read before the event loop gets its turn."""


class Held:
    """An index and the snapshot of the database that it knows at least."""

    def __init__(self, index: DesignIndex, snapshot: str) -> None:
        self.index, self.snapshot = index, snapshot


class Indexes:
    """The least recently used index goes when all take more than the budget."""

    def __init__(self, shelf: Shelf, budget_bytes: int = BUDGET_BYTES) -> None:
        self._shipped = ShippedEntries(shelf)
        self._held = BoundedCache[Held](budget_bytes, LIFETIME_S, lambda held: held.index.nbytes)
        self._reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of(self, reader: Reader) -> DesignIndex:
        """The business's designs as they are now: whatever was committed before is in it."""
        held = self._held.get(reader.business_id)
        if held is not None:
            seen = await store.changes(reader, held.snapshot, most=1)
            if not seen.ids:
                held.snapshot = seen.snapshot
                return held.index
        async with self._reading.setdefault(reader.business_id, asyncio.Lock()):
            held = self._held.get(reader.business_id)
            if held is None or not await self._caught_up(reader, held):
                held = await self._read(reader)
            self._held.put(reader.business_id, held)
        return held.index

    async def _caught_up(self, reader: Reader, held: Held) -> bool:
        """Bring an index up to date; False where reading everything anew is cheaper."""
        seen = await store.changes(reader, held.snapshot, most=STALE_AT + 1)
        if held.index.changed + len(seen.ids) > STALE_AT:
            return False
        if seen.ids:
            shelf_ids = [id for id in seen.ids if id in self._shipped]
            entries = [own_entry(row) for row in await store.own_named(reader, seen.ids)]
            if shelf_ids:
                entries += self._shipped.offered(shelf_ids, await store.choices(reader))
            held.index.change(entries, seen.ids - {entry.id for entry in entries})
        held.snapshot = seen.snapshot
        return True

    async def _read(self, reader: Reader) -> Held:
        """Read everything. The snapshot is the older one: what changes in the meantime is read again."""
        snapshot = await store.snapshot(reader)
        entries = self._shipped.offered(self._shipped, await store.choices(reader))
        after = ""
        while rows := await store.own_behind(reader, after, AT_ONCE):
            entries += map(own_entry, rows)
            after = rows[-1].id
        return Held(await asyncio.to_thread(DesignIndex, entries), snapshot)
