"""Storing a render's pictures, and taking them back."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterable, Mapping

from kit.storage import Storage


async def put(storage: Storage, objects: Mapping[str, bytes]) -> None:
    """Store pictures and Scans by key, side by side.

    An error is raised when all have ended, so that none is written after it.
    """
    puts = (storage.put(key, data, _media_type(key)) for key, data in objects.items())
    for failed in await asyncio.gather(*puts, return_exceptions=True):
        if failed is not None:
            raise failed


async def take_back(storage: Storage, pictures: Iterable[str]) -> None:
    """Delete what was stored: the try-on went to another attempt, or is erased."""
    for key in pictures:
        await storage.delete(key)


async def keep_only(storage: Storage, prefix: str, shown: Container[str]) -> None:
    """Delete every picture under the prefix that is not shown."""
    left = [stored.key async for stored in storage.list(prefix) if stored.key not in shown]
    await take_back(storage, left)


def _media_type(key: str) -> str:
    return "image/jpeg" if key.endswith(".jpg") else "application/octet-stream"
