"""Actors that give back what was held too long, offer what came free, and forget names."""

from __future__ import annotations

from functools import cache

import dramatiq

from kit.db.unit import Unit
from kit.outbox.claim import Job
from kit.outbox.run import run
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.booking import service, waiting
from modules.booking.book import keep_contact
from modules.booking.jobs import EndWaiting, ForgetContact, LapseHold, OfferFreedTime
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Shelf


@cache
def _shelf() -> Shelf:
    return load_shelf(ROOT / "assets" / "catalog")


@dramatiq.actor(actor_name=LapseHold.kind, queue_name=LapseHold.queue)
async def lapse_hold(job_id: str) -> None:
    """Give back a time that nobody confirmed."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.lapse(unit, job.payload["appointment_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=OfferFreedTime.kind, queue_name=OfferFreedTime.queue)
async def offer_freed_time(job_id: str) -> None:
    """Hold what is free for those who wait."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await waiting.offer(unit, _shelf(), job.payload["location_id"], runtime.settings)

    await run(job_id, work)


@dramatiq.actor(actor_name=EndWaiting.kind, queue_name=EndWaiting.queue)
async def end_waiting(job_id: str) -> None:
    """Let nobody wait for a time that is over."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await waiting.end(unit, job.payload["waiting_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ForgetContact.kind, queue_name=ForgetContact.queue)
async def forget_contact(job_id: str) -> None:
    """Take a name out of an appointment that is long over."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.forget_contact(unit, job.payload["appointment_id"], keep_contact(runtime.settings))

    await run(job_id, work)
