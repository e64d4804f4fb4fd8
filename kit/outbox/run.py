"""Carrying a job out: claim it, keep its lease alive, do the work, and end it in the work's own transaction."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from kit.db.away import DatabaseAway
from kit.db.unit import Unit
from kit.errors import AppError, Busy, Refused
from kit.log import bound_contextvars, get_logger
from kit.metrics import JOB_SECONDS, JOBS_ENDED
from kit.outbox.claim import Fenced, Job, claim, fail, finish, renew, retry_later
from kit.outbox.hands import in_hand, no_other_in_hand
from kit.runtime import Runtime, attached

log = get_logger(__name__)

Work = Callable[[Runtime, Unit, Job], Awaitable[None]]
LastWords = Callable[[Unit], Awaitable[None]]
Steps = Callable[[Runtime, Job], Awaitable[None]]
LastWordsOf = Callable[[Runtime, Unit, Job, Exception], Awaitable[None]]

AWAY_DELAY_S, AWAY_LIMIT = 5.0, 20
"""A store that is away is tried again for a minute and a half; then the customer hears that it failed."""


_door = asyncio.Lock()
"""Nothing is claimed while a suspect is carried out."""


@asynccontextmanager
async def held(job_id: str) -> AsyncIterator[Job | None]:
    """Claim a job and renew its lease until the block ends; None when there is nothing to take.

    Jobs run side by side, but a suspect alone: should it end this worker too, it takes no neighbour along, whose
    deliveries would be used up through no fault of its own.
    """
    here = attached()
    async with AsyncExitStack() as at_the_door:
        await at_the_door.enter_async_context(_door)
        job = await _taken(here, job_id)
        if job is None:
            await at_the_door.aclose()
            yield None
            return
        async with _renewed(here, job):
            with (
                bound_contextvars(job_id=job.id, business_id=job.business_id, kind=job.kind),
                JOB_SECONDS.labels(job.kind).time(),
                in_hand(job),
            ):
                if job.suspect:
                    await no_other_in_hand()
                else:
                    await at_the_door.aclose()
                yield job


async def _taken(here: Runtime, job_id: str) -> Job | None:
    """While Postgres is away there is nothing to take either: the relay sends the job again."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    try:
        return await claim(here.db, job_id, worker=worker, lease_s=here.settings.workers.lease_s)
    except DatabaseAway:
        log.warning("job_not_claimed", job_id=job_id)
        return None


async def run(job_id: str, work: Work) -> None:
    """Carry out a job whose work is one short transaction of its business."""
    async with held(job_id) as job:
        if job is None:
            return
        here = attached()
        try:
            async with here.db.tenant(job.business_id) as unit:
                await work(here, unit, job)
                await finish(unit, job)
        except Exception as error:
            await give_up_or_retry(job, error)
        else:
            JOBS_ENDED.labels(job.kind, "done").inc()


async def run_in_steps(job_id: str, steps: Steps, *, last_words: LastWordsOf) -> None:
    """Carry out a job that is more than one transaction, the last of which finishes it.

    last_words: as of give_up_or_retry; told also what went wrong.
    """
    async with held(job_id) as job:
        if job is None:
            return
        here = attached()
        try:
            await steps(here, job)
        except Exception as error:
            failed = error  # a name that outlives the block
            await give_up_or_retry(job, error, last_words=lambda unit: last_words(here, unit, job, failed))
        else:
            JOBS_ENDED.labels(job.kind, "done").inc()


async def give_up_or_retry(job: Job, error: Exception, *, last_words: LastWords | None = None) -> None:
    """Queue a job again after an error, or fail it: at once when the error is the request's own, else when its
    deliveries are used up. Deliveries that met a store which was away are not counted, up to a bound of their own.

    last_words: what to write for the customer, in the transaction that fails the job. While Postgres is away
    nothing can be written: the lease runs out, and the reaper does the same later.
    """
    if isinstance(error, Fenced):
        JOBS_ENDED.labels(job.kind, "fenced").inc()
        log.info("job_fenced_off")
        return
    away = isinstance(error, Busy)
    limit = AWAY_LIMIT if away else attached().settings.workers.max_attempts
    last = isinstance(error, Refused) or (job.token if away else job.attempts) >= limit
    code = error.code if isinstance(error, AppError) else type(error).__name__
    foreseen = isinstance(error, Busy | Refused)
    log.warning("job_failed" if last else "job_retried", error=code, exc_info=None if foreseen else error)
    try:
        if last:
            await _give_up(job, code, last_words)
        else:
            delay_s = AWAY_DELAY_S if away else 2.0**job.attempts
            await retry_later(attached().db, job, code, delay_s=delay_s, counted=not away)
    except Fenced:
        return
    except DatabaseAway:
        log.warning("job_left_to_the_reaper")
        return
    JOBS_ENDED.labels(job.kind, "failed" if last else "retried").inc()


async def _give_up(job: Job, code: str, last_words: LastWords | None) -> None:
    async with attached().db.tenant(job.business_id) as unit:
        if last_words is not None:
            await last_words(unit)
        await fail(unit, job, code)


@asynccontextmanager
async def _renewed(here: Runtime, job: Job) -> AsyncIterator[None]:
    renewing = asyncio.create_task(_keep_renewing(here, job, here.settings.workers.lease_s))
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def _keep_renewing(here: Runtime, job: Job, lease_s: float) -> None:
    """Renew until cancelled. A database that is away is tried again: the lease may survive it."""
    while True:
        await asyncio.sleep(lease_s / 3)
        try:
            if not await renew(here.db, job, lease_s=lease_s):
                return
        except Exception as error:
            log.warning("lease_not_renewed", job_id=job.id, error=type(error).__name__)
