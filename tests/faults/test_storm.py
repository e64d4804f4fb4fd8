"""The storm of `vernis bench faults`, made small: faults of every kind, and workers that die at every point."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.chaos import TakeStorageAway, empty_redis, kill_cpu_worker, kill_postgres, kill_redis
from benchmarks.faults import GROUND, Plan, measure
from benchmarks.verdict import held
from cli.trial import FRONT, ground, serving
from kit.settings import Idempotency, Settings, Workers
from tests.faults.service import FAULTY_GPU

POINTS = ("claim", "inference", "put", "stored", "commit", "committed")
DEATHS_PER_POINT = 2
PLAN = Plan(
    tryons=150,
    at_once=12,
    kinds=16,
    kill_every_s=None,
    faults=(
        (0.2, "redis_killed", kill_redis),
        (0.35, "redis_emptied", empty_redis),
        (0.5, "storage_away", TakeStorageAway(3)),
        (0.65, "postgres_killed", kill_postgres),
        (0.8, "cpu_worker_killed", kill_cpu_worker),
    ),
)
SLOWEST_S = 120


@pytest.fixture
def settings() -> Iterator[Settings]:
    short = {"workers": Workers(lease_s=3, max_attempts=6), "idempotency": Idempotency(lease_s=3)}
    with ground(**GROUND | short) as complete:
        yield complete


@pytest.fixture
def deaths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan of who dies where: every point as often as the others, spread over the first three quarters.

    Doomed renders are claimed some claims apart, so that none dies with its neighbour before its own end.
    """
    chance = random.Random(PLAN.seed)
    points = list(POINTS * DEATHS_PER_POINT)
    chance.shuffle(points)
    stride = PLAN.tryons * 3 // 4 // len(points)
    plan = {
        PLAN.kinds + 1 + stride * number + chance.randrange(stride // 2): point
        for number, point in enumerate(points)
    }
    (tmp_path / "deaths.json").write_text(json.dumps(plan))
    monkeypatch.setenv("FAULTS_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_nothing_is_lost_doubled_wrong_told_twice_or_left_behind(
    settings: Settings, deaths: Path
) -> None:
    async with serving(settings, (*FRONT, FAULTY_GPU, FAULTY_GPU)) as here:
        figures = await measure(here, PLAN, print)

    assert held(figures), figures
    assert figures["asked"] == PLAN.tryons
    assert figures["messages"]["different"] > PLAN.tryons
    assert Counter((deaths / "died").read_text().split()) == dict.fromkeys(POINTS, DEATHS_PER_POINT)
    assert figures["faults"] == {name: 1 for _, name, _ in PLAN.faults}
    assert figures["answers"].keys() <= {200, 201, 202, 409, 503}
    assert figures["took_s"]["max"] <= SLOWEST_S
