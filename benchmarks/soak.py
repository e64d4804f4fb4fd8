"""Thousands of renders in one worker process: nothing that it or the service holds may grow with them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import roomy
from benchmarks.chaos import Service
from benchmarks.errands import PHOTOS, small_photo
from benchmarks.journey import Visitor, new_salon, new_visitor
from benchmarks.patience import until
from benchmarks.resources import Held, held_by
from workers.scheduler import CHORES

GROUND = {"limits": roomy.LIMITS, "queue": roomy.QUEUE}
DESIGNS = ("des_polish_lacquer_red", "des_polish_midnight_navy")
SAMPLES = 25
WARM = 0.2
"""Share of the renders after which everything is expected to stand still."""

WITHIN_S = 1140
"""After this time no more is asked for; the figures say how many renders there were."""

_COUNTS = {
    "jobs_ended": "SELECT count(*) FROM jobs WHERE state NOT IN ('queued', 'running')",
    "jobs_to_come": "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')",
    "jobs_due": "SELECT count(*) FROM jobs WHERE state = 'running' OR (state = 'queued' AND run_at <= now())",
    "outbox": "SELECT count(*) FROM outbox",
    "idempotency_keys": "SELECT count(*) FROM idempotency_keys",
    "request_log": "SELECT count(*) FROM request_log",
    "worker_heartbeats": "SELECT count(*) FROM worker_heartbeats",
}
_A_MONTH_PASSES = (
    "UPDATE jobs SET run_at = run_at - interval '31 days' WHERE state NOT IN ('queued', 'running')",
    "UPDATE idempotency_keys SET expires_at = expires_at - interval '31 days'",
    "UPDATE request_log SET at = at - interval '31 days'",
)

Sample = tuple[int, dict[str, Held], int]
"""(renders so far, what each process holds, keys in Redis)"""


async def measure(
    here: Service, count: int, processes: Mapping[str, psutil.Process], say: Callable[[str], None]
) -> dict[str, Any]:
    """Have so many next shades rendered on a few small photos, two customers side by side, each under a key.

    Returns growth after the warm-up (a straight line through the samples, per 1,000 renders) by process, and the
    rows of the system's tables at the end, and after a month and the scheduler's chores.
    """
    _, key = await new_salon(here.runtime.db)
    tried = [(visitor, await visitor.upload(small_photo(name))) for name in PHOTOS[:2]
             for visitor in [await new_visitor(here.http, key)]]  # fmt: skip
    samples: list[Sample] = []
    every, ended, started = max(1, count // SAMPLES), 0, time.monotonic()

    async def customer(visitor: Visitor, photo_id: str) -> None:
        nonlocal ended
        for number in range(count // len(tried)):
            if time.monotonic() - started > WITHIN_S:
                return
            asked = {"photo_id": photo_id, "looks": [{"designs": [DESIGNS[number % len(DESIGNS)]]}]}
            headers = visitor.headers | {"Prefer": "wait=10", "Idempotency-Key": f"soak {number}"}
            answer = await here.http.post("/v1/tryons", json=asked, headers=headers)
            if answer.raise_for_status().json()["status"] != "done":
                raise RuntimeError(f"a try-on was answered with {answer.text}")
            ended += 1
            if ended % every == 0:
                samples.append((ended, await asyncio.to_thread(_held, processes), await _keys(here)))
                sizes = ", ".join(f"{name} {held.rss_mb} MB" for name, held in samples[-1][1].items())
                say(f"{ended} of {count} renders; {sizes}")

    await asyncio.gather(*(customer(*each) for each in tried))
    seconds = time.monotonic() - started
    rows, kept = await _swept(here, say)
    settled = [sample for sample in samples if sample[0] >= WARM * ended]
    return {
        "renders": ended,
        "renders_per_s": round(ended / seconds, 1),
        "growth_per_1000": {name: _growth(settled, name) for name in processes},
        "settled": {name: _shown(settled[0][1][name]) for name in processes},
        "end": {name: _shown(settled[-1][1][name]) for name in processes},
        "redis_keys": {"settled": settled[0][2], "end": settled[-1][2]},
        "rows": {"end": rows, "swept": kept},
    }


def _held(processes: Mapping[str, psutil.Process]) -> dict[str, Held]:
    return {name: held_by(process) for name, process in processes.items()}


async def _keys(here: Service) -> int:
    return int(await here.runtime.redis.dbsize())


def _growth(samples: list[Sample], name: str) -> dict[str, float]:
    """What a process holds more after 1,000 renders."""
    renders = np.array([ended for ended, _, _ in samples]) / 1000
    found = np.array([[held[name].rss_mb, held[name].files, held[name].threads] for _, held, _ in samples])
    slopes = np.polyfit(renders, found, 1)[0] if len(samples) > 1 else np.zeros(3)
    return {what: round(float(slope), 2) for what, slope in zip(Held.__struct_fields__, slopes, strict=True)}


def _shown(held: Held) -> dict[str, float]:
    return {name: getattr(held, name) for name in Held.__struct_fields__}


async def _swept(here: Service, say: Callable[[str], None]) -> tuple[dict[str, int], dict[str, int]]:
    """Rows of the system's tables now, and when a month has passed and every chore was done once."""
    admin = create_async_engine(here.settings.database.admin_url)  # the only role that may move the clock

    async def rows() -> dict[str, int]:
        async with admin.connect() as connection:
            return {name: (await connection.execute(text(sql))).scalar_one() for name, sql in _COUNTS.items()}

    async def at_rest() -> bool:
        now = await rows()
        return now["outbox"] == now["jobs_due"] == 0

    try:
        await until(at_rest)
        end = await rows()
        async with admin.begin() as connection:
            for sql in _A_MONTH_PASSES:
                await connection.execute(text(sql))
        for _, chore in CHORES:
            say(f"a month later: {chore.__name__}")
            await chore(here.runtime)
        return end, await rows()
    finally:
        await admin.dispose()
