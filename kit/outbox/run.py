"""Carrying a job out: claim it, keep its lease alive, do the work, and end it in the work's own transaction."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from kit.db.unit import Unit
from kit.errors import AppError
from kit.log import bound_contextvars, get_logger
from kit.metrics import JOBS_ENDED
from kit.outbox.claim import Fenced, Job, claim, fail, finish, renew, retry_later
from kit.runtime import Runtime, attached

log = get_logger(__name__)

Work = Callable[[Runtime, Unit, Job], Awaitable[None]]


@asynccontextmanager
async def held(job_id: str) -> AsyncIterator[Job | None]:
    """Claim a job and renew its lease until the block ends; None when there is nothing to take."""
    here = attached()
    lease_s = here.settings.workers.lease_s
    job = await claim(here.db, job_id, worker=f"{socket.gethostname()}:{os.getpid()}", lease_s=lease_s)
    if job is None:
        yield None
        return
    renewing = asyncio.create_task(_keep_renewing(here, job, lease_s))
    try:
        with bound_contextvars(job_id=job.id, business_id=job.business_id, kind=job.kind):
            yield job
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


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


async def give_up_or_retry(
    job: Job, error: Exception, *, last_words: Callable[[Unit], Awaitable[None]] | None = None
) -> None:
    """Queue a job again after an error, or fail it when its deliveries are used up or the error is the request's own.

    last_words: what to write for the customer, in the transaction that fails the job.
    """
    if isinstance(error, Fenced):
        JOBS_ENDED.labels(job.kind, "fenced").inc()
        log.info("job_fenced_off")
        return
    code = error.code if isinstance(error, AppError) else type(error).__name__
    here = attached()
    if job.attempts < here.settings.workers.max_attempts:
        log.warning("job_retried", error=code, attempt=job.attempts, exc_info=error)
        await retry_later(here.db, job, code, delay_s=2.0**job.attempts)
        JOBS_ENDED.labels(job.kind, "retried").inc()
        return
    log.error("job_failed", error=code, exc_info=error)
    with suppress(Fenced):
        async with here.db.tenant(job.business_id) as unit:
            if last_words is not None:
                await last_words(unit)
            await fail(unit, job, code)
    JOBS_ENDED.labels(job.kind, "failed").inc()


async def _keep_renewing(here: Runtime, job: Job, lease_s: float) -> None:
    """Renew until cancelled. A database that is away is tried again: the lease may survive it."""
    while True:
        await asyncio.sleep(lease_s / 3)
        try:
            if not await renew(here.db, job, lease_s=lease_s):
                return
        except Exception as error:
            log.warning("lease_not_renewed", job_id=job.id, error=type(error).__name__)
