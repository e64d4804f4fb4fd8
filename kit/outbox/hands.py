"""The jobs that this process has in hand: one that must end hands them back, and no lease has to run out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from kit.db.engine import Database
from kit.outbox.claim import Job, retry_later

_jobs: dict[tuple[str, int], Job] = {}
"""By id and token: a process that was paused past a lease may take the same job again before it lets go of it."""

_at_most_one = asyncio.Event()
_at_most_one.set()


@contextmanager
def in_hand(job: Job) -> Iterator[None]:
    """Know of a job while the block works on it."""
    _jobs[job.id, job.token] = job
    _count()
    try:
        yield
    finally:
        del _jobs[job.id, job.token]
        _count()


async def no_other_in_hand() -> None:
    """Wait until one job at most is left."""
    await _at_most_one.wait()


def _count() -> None:
    if len(_jobs) > 1:
        _at_most_one.clear()
    else:
        _at_most_one.set()


async def hand_back(db: Database) -> int:
    """Queue again what is still in hand: another worker begins it at once, and whoever goes on here is fenced off.

    The attempt is not counted. Returns how many there were.
    """
    jobs = list(_jobs.values())
    for job in jobs:
        await retry_later(db, job, "worker_stopped", delay_s=0, counted=False)
    return len(jobs)
