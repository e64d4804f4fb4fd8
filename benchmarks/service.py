"""How fast the running service is: from POST to stored and announced, alone and at four at once."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.journey import Visitor, new_visitor

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
        "upload": _summary([result["upload"] for result in idle]),
        "first": _summary([result["first"] for result in idle]),
        "next_shade": _summary([result["next"] for result in idle]),
        "concurrent_4": {
            "first": _summary([result["first"] for result in busy]),
            "next_shade": _summary([result["next"] for result in busy]),
            "tryons_per_s": round(2 * len(busy) / elapsed, 2),
        },
    }


async def _round(visitor: Visitor, data: bytes) -> dict[str, float]:
    started = time.perf_counter()
    photo_id = await visitor.upload(data)
    uploaded = time.perf_counter()
    await _ended(visitor, photo_id, FIRST)
    first = time.perf_counter()
    await _ended(visitor, photo_id, SECOND)
    second = time.perf_counter()
    return {
        "upload": 1000 * (uploaded - started),
        "first": 1000 * (first - uploaded),
        "next": 1000 * (second - first),
    }


async def _ended(visitor: Visitor, photo_id: str, designs: tuple[str, ...]) -> None:
    tryon = await visitor.finished((await visitor.request(photo_id, [designs]))["id"])
    if tryon["status"] != "done":
        raise RuntimeError(f"the try-on ended as {tryon['status']}")


def _summary(ms: list[float]) -> dict[str, float]:
    ordered = sorted(ms)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }
