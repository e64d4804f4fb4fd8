"""A worker's broker whose renders die or wait where a test says: the real one, with the real functions wrapped.

The folder FAULTS_DIR says what happens:
deaths.json      {"17": "stored"}: the render that is claimed as the 17th for the first time dies at that point
poison/PHOTO     every render of this photo dies during inference
hold/PHOTO       renders of this photo wait within inference until the file is gone
Every death adds its point as a line to `died`; every wait that begins makes `held/PHOTO`.
"""

from __future__ import annotations

# isort: off
from workers.broker import broker  # first: actors register with the broker that is set when they are imported

# isort: on

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from itertools import islice
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from kit.db.engine import Database
from kit.db.unit import Unit
from kit.news import News
from kit.news import tell as real_tell
from kit.outbox import run
from kit.outbox.claim import Job
from kit.outbox.claim import claim as real_claim
from kit.outbox.claim import finish as real_finish
from kit.storage import Storage
from models.pipeline import Studio, TryOnResult
from modules.tryon import deliver, tasks
from modules.tryon.jobs import RenderTryOn
from modules.tryon.store import TryOnRow

__all__ = ["POINTS", "broker"]

POINTS = ("claim", "inference", "put", "stored", "commit", "committed")
"""After the claim, within inference, halfway through the put, after it, before the commit, after it."""

FOLDER = Path(os.environ["FAULTS_DIR"])
_DEATHS: dict[str, str] = json.loads((FOLDER / "deaths.json").read_text())
_fate: ContextVar[str | None] = ContextVar("fate", default=None)
_doomed: ContextVar[Path] = ContextVar("doomed")
_photo: ContextVar[str] = ContextVar("photo")


def reach(point: str) -> None:
    """Die here, when this is where the render in hand is to die."""
    if _fate.get() == point:
        _doomed.get().unlink()
        _append(FOLDER / "died", f"{point}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)


def _append(path: Path, data: bytes) -> int:
    """Append in one write; returns where it ends, which no two writers share."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, data)
        return os.lseek(file, 0, os.SEEK_CUR)
    finally:
        os.close(file)


async def _claim(db: Database, job_id: str, *, worker: str, lease_s: float) -> Job | None:
    job = await real_claim(db, job_id, worker=worker, lease_s=lease_s)
    if job is not None and job.kind == RenderTryOn.kind:
        _doomed.set(FOLDER / f"doomed-{job.id}")
        _fate.set(_decided(_doomed.get(), first=job.token == 1))
        reach("claim")
    return job


def _decided(doomed: Path, *, first: bool) -> str | None:
    """Where a render is to die: decided when it is first claimed, and kept until it has come to that point."""
    if first and (point := _DEATHS.get(str(_append(FOLDER / "claims", b".")))):
        doomed.write_text(point)
    return doomed.read_text() if doomed.exists() else None


async def _draw(here: Any, job: Job, row: TryOnRow) -> TryOnResult:
    _photo.set(row.photo_id)
    return await real_draw(here, job, row)


def _try_on(studio: Studio, *arguments: Any, progress: Callable[[str], None], **options: Any) -> TryOnResult:
    photo_id = _photo.get()

    def watched(step: str) -> None:
        progress(step)
        if step != "composite":
            return
        reach("inference")
        if (FOLDER / "poison" / photo_id).exists():
            os.kill(os.getpid(), signal.SIGKILL)
        while (FOLDER / "hold" / photo_id).exists():
            (FOLDER / "held" / photo_id).touch()
            time.sleep(0.02)

    return real_try_on(studio, *arguments, progress=watched, **options)


async def _put(storage: Storage, pictures: Mapping[str, bytes]) -> None:
    if _fate.get() == "put":
        await real_put(storage, dict(islice(pictures.items(), 1)))
    reach("put")
    await real_put(storage, pictures)
    reach("stored")


async def _finish(unit: Unit, job: Job) -> None:
    await real_finish(unit, job)
    reach("commit")


async def _tell(redis: Redis, subject: str, news: News) -> None:
    if news.step is None:
        reach("committed")
    await real_tell(redis, subject, news)


real_draw, real_try_on, real_put = tasks._draw, Studio.try_on, deliver.put
for owner, name, replacement in (
    (run, "claim", _claim),
    (tasks, "_draw", _draw),
    (Studio, "try_on", _try_on),
    (deliver, "put", _put),
    (tasks, "finish", _finish),
    (tasks, "tell", _tell),
):
    setattr(owner, name, replacement)
