"""How fast the running service is: from POST to stored and announced, alone and at four at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.journey import Visitor, new_visitor
from benchmarks.latency import summary

FIRST, SECOND = ("des_polish_lacquer_red",), ("des_polish_midnight_navy",)


async def measure(base_url: str, key: str, photo: Path, *, rounds: int = 30) -> dict[str, Any]:
    """Milliseconds from posting a try-on to hearing that it is done; each round uploads the photo anew.

    `first`: nothing known of the photo; `next_shade`: the Scan is known. `concurrent`: four visitors at once.
    """
    data = photo.read_bytes()
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        visitor = await new_visitor(http, key)
        await _round(visitor, data)
        idle = [await _round(visitor, data) for _ in range(rounds)]
        visitors = [await new_visitor(http, key) for _ in range(4)]
        started = time.perf_counter()
        busy = [
            result
            for _ in range(max(1, rounds // 4))
            for result in await asyncio.gather(*(_round(each, data) for each in visitors))
        ]
        elapsed = time.perf_counter() - started
    return {
        "rounds": rounds,
        **_summaries(idle, "upload", "first", "next_shade"),
        "concurrent_4": {
            **_summaries(busy, "first", "next_shade"),
            "tryons_per_s": round(2 * len(busy) / elapsed, 2),
        },
    }


async def _round(visitor: Visitor, data: bytes) -> dict[str, float]:
    """Seconds of each part."""
    started = time.perf_counter()
    photo_id = await visitor.upload(data)
    uploaded = time.perf_counter()
    await _ended(visitor, photo_id, FIRST)
    first = time.perf_counter()
    await _ended(visitor, photo_id, SECOND)
    second = time.perf_counter()
    return {
        "upload": uploaded - started,
        "first": first - uploaded,
        "next_shade": second - first,
    }


async def _ended(visitor: Visitor, photo_id: str, designs: tuple[str, ...]) -> None:
    tryon = await visitor.finished((await visitor.request(photo_id, [designs]))["id"])
    if tryon["status"] != "done":
        raise RuntimeError(f"the try-on ended as {tryon['status']}")


def _summaries(rounds: Sequence[Mapping[str, float]], *parts: str) -> dict[str, dict[str, float]]:
    return {part: summary([took[part] for took in rounds], 0.5, 0.95) for part in parts}
