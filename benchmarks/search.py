"""How fast a business with 100,000 own designs is searched: over HTTP, at the service, and by a plain SQL scan."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
from sqlalchemy import text

from benchmarks.house import furnish
from benchmarks.latency import summary
from benchmarks.scan import scan
from benchmarks.shoppers import PAGE, Asked, mix, parameters
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.catalog.load import load_shelf
from modules.catalog.search.held import Indexes
from modules.catalog.search.service import Search

CATALOG = ROOT / "assets" / "catalog"
_CHANGE = text(
    "UPDATE designs SET price_amount = price_amount + 10 "
    "WHERE id = (SELECT id FROM designs ORDER BY id OFFSET 500 LIMIT 1)"
)


async def measure(
    runtime: Runtime, base_url: str, key: str, business_id: str, count: int, rounds: int
) -> dict[str, Any]:
    """Milliseconds of a mix of a shop's queries.

    first_ms: reading all designs; after_change: with a change to take in; service_cpu_ms: what a page takes of a core,
    where others use the machine (load_average) too.
    """
    made_s = await _timed(furnish(runtime, business_id, count))
    search, queries = Search(load_shelf(CATALOG)), list(mix(rounds))

    async def page(asked: Asked) -> None:
        await search.page(
            runtime.db.glance(business_id), asked.filters, asked.sort, None, PAGE, count=asked.count
        )

    first_s = await _timed(page(queries[0]))
    await _each(queries[:20], page)
    busy_s = time.process_time()
    service = await _each(queries, page)
    busy_s = time.process_time() - busy_s
    async with httpx.AsyncClient(
        base_url=base_url, timeout=60, headers={"Authorization": f"Bearer {key}"}
    ) as http:

        async def over_http(asked: Asked) -> None:
            (await http.get("/v1/designs", params=parameters(asked))).raise_for_status()

        await over_http(queries[0])
        http_s = await _each(queries, over_http)
        near = await _each(queries[: rounds // 4], lambda _: _near(http))

    async def by_sql(asked: Asked) -> None:
        async with runtime.db.tenant(business_id) as unit:
            await scan(unit, asked)

    changed = []
    for asked in queries[:20]:
        async with runtime.db.tenant(business_id) as unit:
            await unit.execute(_CHANGE)
        changed.append(await _timed(page(asked)))
    return {
        "designs": count,
        "queries": len(queries),
        "with_facets": sum(asked.count for asked in queries),
        "http": _summary(http_s),
        "service": _summary(service),
        "service_cpu_ms": round(1000 * busy_s / len(queries), 1),
        "nearest_http": _summary(near),
        "sequential_scan": _summary(await _each(queries[: max(10, rounds // 10)], by_sql)),
        "first_ms": round(1000 * first_s),
        "after_change": _summary(changed),
        "index_mb": round(await _index_mb(runtime, business_id), 1),
        "seeding_s": round(made_s, 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


async def _near(http: httpx.AsyncClient) -> None:
    colour = f"{random.Random(time.perf_counter_ns()).randrange(1 << 24):06x}"
    (await http.get("/v1/designs/nearest", params={"hex": colour})).raise_for_status()


async def _index_mb(runtime: Runtime, business_id: str) -> float:
    return (await Indexes(load_shelf(CATALOG)).of(runtime.db.glance(business_id))).nbytes / 1e6


async def _each(queries: Sequence[Asked], ask: Callable[[Asked], Awaitable[None]]) -> list[float]:
    return [await _timed(ask(asked)) for asked in queries]


async def _timed(work: Awaitable[None]) -> float:
    """Seconds."""
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    return summary(seconds, 0.5, 0.95, 0.99)
