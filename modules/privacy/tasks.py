"""Actors that erase and export persons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

import dramatiq

from kit.db.unit import Unit
from kit.log import get_logger
from kit.metrics import ERASURES, JOBS_ENDED
from kit.news import tell_to_forget
from kit.outbox.claim import Fenced, Job, finish
from kit.outbox.run import give_up_or_retry, held, run, run_in_steps
from kit.person import Erased
from kit.runtime import Runtime, attached
from kit.storage import ObjectMissing, Storage
from modules.privacy import archive, erasing, exporting, keys, service
from modules.privacy.jobs import (
    EraseGuest,
    ErasePerson,
    ExpireExport,
    GiveUpExport,
    MakeExport,
    ResumeErasure,
    SeeGuestOff,
)
from modules.privacy.registry import PERSONAL

log = get_logger(__name__)

AT_ONCE = 16
"""Prefixes that are emptied side by side."""


@dramatiq.actor(actor_name=ErasePerson.kind, queue_name=ErasePerson.queue)
async def erase_person(job_id: str) -> None:
    """Erase a person: a transaction for each part of the registry, then objects and memories, then her row.

    No transaction is open while objects are deleted. A worker that dies leaves the rest to the next one, and an
    erasure that failed is queued again: it is never given up.
    """
    async with held(job_id) as job:
        if job is None:
            return
        erasure_id = job.payload["erasure_id"]
        try:
            await _erase(attached(), job, erasure_id)
        except Exception as error:
            ERASURES.labels("stumbled").inc()
            await give_up_or_retry(job, error, last_words=lambda unit: erasing.again_later(unit, erasure_id))
        else:
            ERASURES.labels("done").inc()
            JOBS_ENDED.labels(job.kind, "done").inc()


async def _erase(here: Runtime, job: Job, erasure_id: str) -> None:
    while True:
        found = Erased()
        for number in range(len(PERSONAL)):
            async with here.db.tenant(job.business_id) as unit:
                found = await erasing.step(unit, erasure_id, number, found) or found
        await _delete(here.storage, found.prefixes)
        for subject in found.remembered:
            await tell_to_forget(here.redis, subject)
        async with here.db.tenant(job.business_id) as unit:
            if await erasing.close(unit, erasure_id):
                await finish(unit, job)
                return


async def _delete(storage: Storage, prefixes: Sequence[str]) -> None:
    """Delete everything below the prefixes, some side by side: years of tombstones are many."""
    places = asyncio.Semaphore(AT_ONCE)

    async def delete(prefix: str) -> None:
        async with places:
            await storage.delete_prefix(prefix)

    for failed in await asyncio.gather(*map(delete, prefixes), return_exceptions=True):
        if failed is not None:
            raise failed


@dramatiq.actor(actor_name=ResumeErasure.kind, queue_name=ResumeErasure.queue)
async def resume_erasure(job_id: str) -> None:
    """Queue an erasure anew whose workers all died."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await erasing.again_later(unit, job.payload["erasure_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=MakeExport.kind, queue_name=MakeExport.queue)
async def make_export(job_id: str) -> None:
    """Make an archive: read, close, pack and store, write.

    An export that is closed or erased meanwhile takes its archive back.
    """

    async def fail(_here: Runtime, unit: Unit, job: Job, _error: Exception) -> None:
        await exporting.fail(unit, job.payload["export_id"])

    await run_in_steps(job_id, _export, last_words=fail)


async def _export(here: Runtime, job: Job) -> None:
    export_id = job.payload["export_id"]
    async with here.db.tenant(job.business_id) as unit:
        collected = await exporting.collect(unit, export_id)
        if collected is None:
            await finish(unit, job)
            return
    data = await archive.packed(collected.records, _pictures(here, collected.objects))
    key = keys.archive(job.business_id, export_id)
    await here.storage.put(key, data, "application/zip")
    try:
        async with here.db.tenant(job.business_id) as unit:
            ended = await exporting.finish(unit, export_id, len(data))
            await finish(unit, job)
            if not ended:
                raise Fenced
    except Fenced:
        await here.storage.delete(key)
        raise


async def _pictures(here: Runtime, objects: Mapping[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    """Pictures by file name; one whose time ran out meanwhile is left out."""
    for name, key in sorted(objects.items()):
        try:
            data = await here.storage.get(key)
        except ObjectMissing:
            log.info("picture_gone")
            continue
        yield name, data


@dramatiq.actor(actor_name=GiveUpExport.kind, queue_name=GiveUpExport.queue)
async def give_up_export(job_id: str) -> None:
    """Fail an export that killed every worker that made it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await exporting.fail(unit, job.payload["export_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpireExport.kind, queue_name=ExpireExport.queue)
async def expire_export(job_id: str) -> None:
    """Delete an archive whose time is over."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        export_id = job.payload["export_id"]
        if await exporting.expire(unit, export_id):
            await runtime.storage.delete_prefix(keys.everything(unit.business_id, export_id))

    await run(job_id, work)


@dramatiq.actor(actor_name=SeeGuestOff.kind, queue_name=SeeGuestOff.queue)
async def see_guest_off(job_id: str) -> None:
    """Look again when a guest's visit ends."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        until = datetime.fromisoformat(job.payload["until"])
        await service.see_guest_off(unit, job.payload["customer_id"], until)

    await run(job_id, work)


@dramatiq.actor(actor_name=EraseGuest.kind, queue_name=EraseGuest.queue)
async def erase_guest(job_id: str) -> None:
    """Erase a guest who was not kept."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.erase_guest(unit, job.payload["customer_id"])

    await run(job_id, work)
