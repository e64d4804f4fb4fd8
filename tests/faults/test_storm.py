"""Two hundred try-ons while workers are killed at every point, Redis is killed and emptied, and Postgres is killed."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.journey import Visitor, new_visitor
from cli.designs import CATALOG
from kit.outbox.tables import jobs
from kit.runtime import Runtime
from kit.settings import Settings, Workers
from looks.layer import NailPolish
from modules.catalog.load import load_shelf
from modules.tryon import store
from modules.tryon.states import Status
from modules.tryon.store import TryOnRow
from tests.faults.service import (
    FAULTY_GPU,
    FRONT,
    Running,
    ended,
    ground,
    kill,
    photo,
    postmaster,
    redis_process,
    serving,
    until,
)
from tests.integration.conftest import open_salon
from workers.sweeper import sweep

SEED, TRYONS, AT_ONCE, DEATHS_PER_POINT = 2026, 204, 12, 2
POINTS = ("claim", "inference", "put", "stored", "commit", "committed")
PHOTOS = tuple(f"open_{number:02}_{side}" for number, side in enumerate(("left", "right") * 5, 1))
LIMIT = timedelta(seconds=120)


@pytest.fixture
def settings() -> Iterator[Settings]:
    # Six attempts: a neighbour of a dying render dies with it, and the storm asks who loses nothing, not who gives up.
    with ground(workers=Workers(lease_s=3, max_attempts=6)) as complete:
        yield complete


@pytest.fixture
def deaths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan of who dies where: every point as often as the others, spread over the first three quarters.

    Doomed renders are claimed some claims apart, so that none dies with its neighbour before its own end.
    """
    chance = random.Random(SEED)
    points = list(POINTS * DEATHS_PER_POINT)
    chance.shuffle(points)
    stride = TRYONS * 3 // 4 // len(points)
    plan = {1 + stride * number + chance.randrange(stride // 2): point for number, point in enumerate(points)}
    (tmp_path / "deaths.json").write_text(json.dumps(plan))
    monkeypatch.setenv("FAULTS_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_every_try_on_ends_once_and_leaves_nothing_behind(settings: Settings, deaths: Path) -> None:
    async with serving(settings, (*FRONT, FAULTY_GPU, FAULTY_GPU)) as here:
        salons = [await open_salon(here.runtime) for _ in range(2)]
        visitors = [await new_visitor(here.http, salon.key) for salon in salons * 2]
        businesses = [salon.business_id for salon in salons]
        progress = Progress()
        async with asyncio.TaskGroup() as group:
            group.create_task(_chaos(here, progress))
            asking = group.create_task(_try_everything_on(visitors, progress))
        await until(lambda: _quiet(here.runtime, businesses))
        rows = await _tryons(here.runtime, businesses)

        assert Counter((deaths / "died").read_text().split()) == dict.fromkeys(POINTS, DEATHS_PER_POINT)
        assert here.transport.statuses <= {200, 201, 202, 503}
        assert {row.id for row in rows} >= asking.result()
        assert {row.status for row in rows} == {Status.DONE}
        assert max(row.finished_at - row.created_at for row in rows if row.finished_at) <= LIMIT
        assert await _stored(here.runtime) == set().union(*(_shown(row) for row in rows))
        assert await sweep(here.runtime, older_than=timedelta(0)) == 0
        assert await _tryons(here.runtime, businesses) == rows


@dataclass
class Progress:
    """How many try-ons have ended."""

    ended: int = 0


async def _try_everything_on(visitors: list[Visitor], progress: Progress) -> set[str]:
    """Ask for TRYONS try-ons, AT_ONCE at a time, and follow each to its end; returns their ids."""
    chance, room = random.Random(SEED), asyncio.Semaphore(AT_ONCE)
    polishes = [
        design for design in load_shelf(CATALOG).designs.values() if isinstance(design.layer, NailPolish)
    ]
    designs = [design.id for design in polishes if design.renderable]
    photos = [(visitor, await visitor.upload(photo(name))) for name in PHOTOS for visitor in visitors]

    async def one(visitor: Visitor, photo_id: str) -> str:
        looks = [[chance.choice(designs)] for _ in range(chance.randint(1, 2))]
        async with room:
            tryon_id: str = (await visitor.request(photo_id, looks))["id"]
            await ended(visitor, tryon_id)
        progress.ended += 1
        return tryon_id

    return set(await asyncio.gather(*(one(*photos[number % len(photos)]) for number in range(TRYONS))))


async def _chaos(here: Running, progress: Progress) -> None:
    """Kill Redis, empty it, and kill Postgres, each once, as the work goes on."""
    await _passed(progress, 0.25)
    kill(await redis_process(here.runtime))
    await _passed(progress, 0.45)
    await here.runtime.redis.flushall()
    await _passed(progress, 0.65)
    kill(postmaster(here.settings))


async def _passed(progress: Progress, share: float) -> None:
    while progress.ended < share * TRYONS:
        await asyncio.sleep(0.1)


async def _quiet(runtime: Runtime, businesses: list[str]) -> bool:
    """Whether every job has ended, but for those that wait for the end of a retention."""
    waiting = select(jobs.c.id).where(jobs.c.state.in_(("queued", "running")), jobs.c.run_at <= func.now())
    for business_id in businesses:
        async with runtime.db.tenant(business_id) as unit:
            if await unit.all(waiting):
                return False
    return True


async def _tryons(runtime: Runtime, businesses: list[str]) -> list[TryOnRow]:
    rows: list[TryOnRow] = []
    for business_id in businesses:
        async with runtime.db.tenant(business_id) as unit:
            rows += await store.page(unit, None, False, None, 10 * TRYONS)
    return rows


def _shown(row: TryOnRow) -> set[str]:
    """The pictures of a try-on: four for one look, seven for two, all of one attempt."""
    assert row.result is not None
    assert row.result.before is not None
    keys = {row.result.before, *(key for render in row.result.renders for key in render.objects.values())}
    assert len(keys) == 1 + 3 * len(row.looks)
    assert len({key.split("/")[3] for key in keys}) == 1
    return keys


async def _stored(runtime: Runtime) -> set[str]:
    return {stored.key async for stored in runtime.storage.list("results/")}
