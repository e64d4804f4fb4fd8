"""Objects that are made of others when somebody asks: kept for the next one, and taken back when they may not be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from prometheus_client import Counter

from kit.storage.errors import ObjectMissing
from kit.storage.store import Storage

Make = Callable[[], Awaitable[bytes]]
Check = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Derived:
    """Makes each object once: who asks for one that is being made waits for it.

    Another process may be making the same one. Both come to the same bytes, and the second put replaces the first.
    outcomes: counts those found and those made.
    """

    storage: Storage
    outcomes: Counter
    _making: dict[str, asyncio.Task[bytes]] = field(default_factory=dict)

    async def get(self, key: str, media_type: str, make: Make, check: Check) -> bytes:
        """The object. check: raises when it may not be kept, asked again once it is made. Raises what both raise."""
        try:
            found = await self.storage.get(key)
        except ObjectMissing:
            making = self._making.get(key)
            if making is None:
                making = asyncio.create_task(self._make(key, media_type, make, check))
                self._making[key] = making
                making.add_done_callback(lambda done: self._forget(key, done))
            return await asyncio.shield(making)  # whoever goes away does not take it from the others
        self.outcomes.labels("found").inc()
        return found

    async def _make(self, key: str, media_type: str, make: Make, check: Check) -> bytes:
        made = await make()
        await self.storage.put(key, made, media_type)
        try:
            await check()
        except BaseException:  # erased, or hidden, meanwhile
            await self.storage.delete(key)
            raise
        self.outcomes.labels("made").inc()
        return made

    def _forget(self, key: str, done: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if not done.cancelled():
            done.exception()  # it was told to whoever still waits; nobody may
