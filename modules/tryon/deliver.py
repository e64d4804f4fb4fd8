"""Storing a render's pictures, and taking them back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from kit.storage import Storage


async def put(storage: Storage, pictures: Mapping[str, bytes]) -> None:
    """Store JPEGs by key, side by side."""
    async with asyncio.TaskGroup() as group:
        for key, data in pictures.items():
            group.create_task(storage.put(key, data, "image/jpeg"))


async def take_back(storage: Storage, pictures: Mapping[str, bytes]) -> None:
    """Delete what was stored: the try-on went to another attempt, or is erased."""
    for key in pictures:
        await storage.delete(key)


async def keep_only(storage: Storage, prefix: str, pictures: Mapping[str, bytes]) -> None:
    """Delete what earlier attempts left under the prefix."""
    left = [stored.key async for stored in storage.list(prefix) if stored.key not in pictures]
    for key in left:
        await storage.delete(key)
