"""Actors that carry out large imports and forget old ones."""

from __future__ import annotations

from functools import cache

import dramatiq

from kit.db.unit import Unit
from kit.errors import AppError
from kit.outbox.claim import Job, finish
from kit.outbox.run import run, run_in_steps
from kit.runtime import Runtime
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

    async def apply(here: Runtime, job: Job) -> None:
        async with here.db.tenant(job.business_id) as unit:
            await service.carry_out(unit, here.storage, _shelf(), job.payload["import_id"])
            await finish(unit, job)

    async def fail(_here: Runtime, unit: Unit, job: Job, error: Exception) -> None:
        code = error.code if isinstance(error, AppError) else "import_failed"
        await service.fail(unit, job.payload["import_id"], code)

    await run_in_steps(job_id, apply, last_words=fail)


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
