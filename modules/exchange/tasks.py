"""Actors that carry out large imports and forget old ones."""

from __future__ import annotations

from functools import cache

import dramatiq

from kit.db.unit import Unit
from kit.errors import AppError
from kit.metrics import JOBS_ENDED
from kit.outbox.claim import Job, finish
from kit.outbox.run import give_up_or_retry, held, run
from kit.runtime import Runtime, attached
from kit.settings import ROOT
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Shelf
from modules.exchange import service
from modules.exchange.jobs import ExpireImport, GiveUpImport, RunImport


@cache
def _shelf() -> Shelf:
    return load_shelf(ROOT / "assets" / "catalog")


@dramatiq.actor(actor_name=RunImport.kind, queue_name=RunImport.queue)
async def run_import(job_id: str) -> None:
    """Apply a large file. All of it is one transaction: a worker that dies leaves nothing behind."""
    async with held(job_id) as job:
        if job is None:
            return
        here, import_id = attached(), job.payload["import_id"]
        try:
            async with here.db.tenant(job.business_id) as unit:
                await service.carry_out(unit, here.storage, _shelf(), import_id)
                await finish(unit, job)
        except Exception as error:
            code = error.code if isinstance(error, AppError) else "import_failed"
            await give_up_or_retry(job, error, last_words=lambda unit: service.fail(unit, import_id, code))
        else:
            JOBS_ENDED.labels(job.kind, "done").inc()


@dramatiq.actor(actor_name=GiveUpImport.kind, queue_name=GiveUpImport.queue)
async def give_up_import(job_id: str) -> None:
    """Fail an import that killed every worker that took it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.fail(unit, job.payload["import_id"], "lease_expired")

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpireImport.kind, queue_name=ExpireImport.queue)
async def expire_import(job_id: str) -> None:
    """Forget an import whose time is over."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.expire(unit, runtime.storage, job.payload["import_id"])

    await run(job_id, work)
