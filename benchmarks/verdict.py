"""What a storm left behind, compared with what was asked for."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from benchmarks.errands import Errand
from benchmarks.latency import within
from benchmarks.receiver import Received
from kit.outbox.tables import jobs, outbox
from kit.runtime import Runtime
from kit.storage import ObjectMissing
from modules.tryon import store
from modules.tryon.events import TryOnEnded
from modules.tryon.states import Status
from modules.tryon.store import TryOnRow
from modules.webhooks.tables import messages
from workers.sweeper import sweep

_EVERY = 1_000_000


class Salon(Struct, frozen=True):
    """A business, its key, and the secret that its webhooks are signed with."""

    business_id: str
    key: str
    secret: str


async def verdict(
    runtime: Runtime,
    salons: Sequence[Salon],
    asked: Mapping[str, Errand],
    right: Mapping[Errand, tuple[str, ...]],
    received: Sequence[Received],
) -> dict[str, Any]:
    """Counts that must all be zero under `tryons`, `webhooks` and `left`, and how long the slowest took."""
    rows = [row for salon in salons for row in await tryons_of(runtime, salon.business_id)]
    shown = {
        key: value for salon in salons for key, value in (await shown_by(runtime, salon.business_id)).items()
    }
    done = {row.id for row in rows if row.status is Status.DONE}
    took = [(row.finished_at - row.created_at).total_seconds() for row in rows if row.finished_at]
    slowest = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {
        "tryons": {
            "lost": len(asked.keys() - done),
            "doubled": len({row.id for row in rows} - asked.keys()),
            "wrong": sum(shown[tryon_id] != right[asked[tryon_id]] for tryon_id in asked.keys() & done),
        },
        "webhooks": await _webhooks(runtime, salons, asked, received),
        "left": await _left(runtime, salons, rows),
        "messages": {"different": len({one.id for one in received}), "received": len(received)},
        "took_s": {name: round(within(took, share), 2) for name, share in slowest.items() if took},
    }


def held(figures: Mapping[str, Any]) -> bool:
    """Whether every count that must be zero is zero."""
    return not any(count for name in ("tryons", "webhooks", "left") for count in figures[name].values())


async def is_quiet(runtime: Runtime, salons: Sequence[Salon]) -> bool:
    """Whether every event is told and every job has ended, but for those that wait for the end of a retention."""
    return await _queued(runtime, salons) == 0


async def shown_by(runtime: Runtime, business_id: str) -> dict[str, tuple[str, ...]]:
    """The SHA-256 of every picture of each finished try-on: the "before", then each look's by name."""
    digests: dict[str, tuple[str, ...]] = {}
    for row in await tryons_of(runtime, business_id):
        digests[row.id] = tuple([await _digest(runtime, key) for key in _pictures(row)])
    return digests


async def _digest(runtime: Runtime, key: str) -> str:
    try:
        return hashlib.sha256(await runtime.storage.get(key)).hexdigest()
    except ObjectMissing:
        return "vanished"


async def tryons_of(runtime: Runtime, business_id: str) -> list[TryOnRow]:
    """Every try-on of a business."""
    async with runtime.db.tenant(business_id) as unit:
        rows, _ = await store.page(unit, None, False, None, _EVERY)
        return rows


def _pictures(row: TryOnRow) -> list[str]:
    if row.result is None:
        return []
    before = [row.result.before] if row.result.before else []
    return before + [render.objects[name] for render in row.result.renders for name in sorted(render.objects)]


async def _webhooks(
    runtime: Runtime, salons: Sequence[Salon], asked: Mapping[str, Errand], received: Sequence[Received]
) -> dict[str, int]:
    """A message may come twice, under the same id and with the same body; each try-on has one."""
    sent: dict[str, str] = {}
    for salon in salons:
        async with runtime.db.tenant(salon.business_id) as unit:
            sent |= {row.id: row.body for row in await unit.all(select(messages.c.id, messages.c.body))}
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for one in received:
        bodies[one.id].add(one.body)
    told = Counter(
        body["data"]["tryon_id"]
        for body in (msgspec.json.decode(body) for body in sent.values())
        if body["type"] == TryOnEnded.topic
    )
    return {
        "missing": len(sent.keys() - bodies.keys()),
        "unknown": len(bodies.keys() - sent.keys()),
        "changed": sum(found != {sent[id_].encode()} for id_, found in bodies.items() if id_ in sent),
        "unsigned": sum(not any(one.signed_with(salon.secret) for salon in salons) for one in received),
        "untold": len(asked.keys() - told.keys()),
        "told_twice": sum(count > 1 for count in told.values()) + len(told.keys() - asked.keys()),
    }


async def _left(runtime: Runtime, salons: Sequence[Salon], rows: Sequence[TryOnRow]) -> dict[str, int]:
    """What is still queued, and what nobody names, or what somebody names and is not there, after the sweep."""
    queued = await _queued(runtime, salons)
    await sweep(runtime, older_than=timedelta(0))
    businesses = {salon.business_id for salon in salons}
    stored = {
        found.key async for found in runtime.storage.list("results/") if found.key.split("/")[1] in businesses
    }
    named = {key for row in rows for key in _pictures(row)}
    return {
        "queued": queued,
        "unreferenced": len(stored - named) + await sweep(runtime, older_than=timedelta(0)),
        "vanished": len(named - stored),
    }


async def _queued(runtime: Runtime, salons: Sequence[Salon]) -> int:
    businesses = [salon.business_id for salon in salons]
    open_jobs = select(func.count()).where(
        jobs.c.business_id.in_(businesses),
        jobs.c.state.in_(("queued", "running")),
        jobs.c.run_at <= func.now() + timedelta(hours=1),
    )
    untold = select(func.count()).where(outbox.c.business_id.in_(businesses))
    async with runtime.db.system() as unit:
        return int((await unit.execute(open_jobs)).scalar_one() + (await unit.execute(untold)).scalar_one())
