"""The jobs that this process has in hand: one that must end hands them back, and no lease has to run out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kit.db.engine import Database
from kit.outbox.claim import Job, retry_later

_jobs: dict[str, Job] = {}


@contextmanager
def in_hand(job: Job) -> Iterator[None]:
    """Know of a job while the block works on it."""
    _jobs[job.id] = job
    try:
        yield
    finally:
        del _jobs[job.id]


async def hand_back(db: Database) -> int:
    """Queue again what is still in hand: another worker begins it at once, and whoever goes on here is fenced off.

    The attempt is not counted. Returns how many there were.
    """
    jobs = list(_jobs.values())
    for job in jobs:
        await retry_later(db, job, "worker_stopped", delay_s=0, counted=False)
    return len(jobs)
