"""How fast a photo goes through the pipeline, bytes to bytes in one process, and whether memory grows."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.latency import summary
from looks.colour import Swatch
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.look import Look
from models.pipeline import Studio, TryOnResult

SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples" / "hands" / "open_04_right.jpg"
SHADES = ("#b3122a", "#f4f1ec", "#14224f", "#d8a78c", "#0f7f7c")
FINISHES = (NailFinish.CREAM, NailFinish.GEL, NailFinish.MATTE, NailFinish.SHEER, NailFinish.JELLY)
WARM_UP = 5
SETTLED = 100  # jobs after which memory is expected to stand still
REPORT_EVERY = 100


def measure(jobs: int = 1000, photo: Path = SAMPLE) -> dict[str, Any]:
    """Run full try-ons and next shades of one 1080p photo, in turns of one each.

    jobs: full try-ons. Returns jobs, p50_ms, p95_ms, images_per_s_core (by CPU time), steps_ms (p50 by step),
    next_shade (p50_ms, p95_ms, images_per_s_core), and memory (start_mb, settled_mb, end_mb, growth_mb_per_1000_jobs).
    """
    studio, data, process = Studio.load(), photo.read_bytes(), psutil.Process()
    known = studio.try_on(data, [_look(0)])
    for n in range(WARM_UP):
        studio.try_on(data, [_look(n)])
    full, shade = Times(), Times()
    steps: dict[str, list[float]] = {}
    start = settled = _rss_mb(process)
    for n in range(jobs):
        result = full.of(partial(studio.try_on, data, [_look(n)]))
        shade.of(partial(studio.try_on, known.photo, [_look(n + 1)], known.scan, before=known.before))
        for name, took in result.steps_ms.items():
            steps.setdefault(name, []).append(took)
        if n + 1 == min(SETTLED, jobs):
            settled = _rss_mb(process)
        if (n + 1) % REPORT_EVERY == 0:
            print(f"{n + 1} of {jobs} jobs, {_rss_mb(process):.0f} MB", file=sys.stderr, flush=True)
    end = _rss_mb(process)
    return {
        "jobs": jobs,
        **full.figures(),
        "steps_ms": {name: round(float(np.median(took)), 1) for name, took in steps.items()},
        "next_shade": shade.figures(),
        "memory": {
            "start_mb": round(start, 1),
            "settled_mb": round(settled, 1),
            "end_mb": round(end, 1),
            "growth_mb_per_1000_jobs": round((end - settled) * 1000 / max(1, jobs - SETTLED), 2)
            if jobs > SETTLED
            else None,
        },
    }


class Times:
    """Wall and CPU seconds of repeated calls."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def of(self, call: Callable[[], TryOnResult]) -> TryOnResult:
        wall, cpu = time.perf_counter(), time.process_time()
        result = call()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)
        return result

    def figures(self) -> dict[str, float]:
        return {
            **summary(self.wall, 0.5, 0.95),
            "images_per_s_core": round(1 / float(np.median(self.cpu)), 1),
        }


def _look(n: int) -> Look:
    layer = NailPolish(swatch=Swatch.of(SHADES[n % len(SHADES)]), finish=FINISHES[n % len(FINISHES)])
    return Look(name=f"shade {n}", layers=(layer,))


def _rss_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / (1 << 20)
