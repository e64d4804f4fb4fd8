"""Actors that make clips and let shares end."""

from __future__ import annotations

import asyncio

import dramatiq

from kit.db.unit import Unit
from kit.metrics import SHARE_CLIPS
from kit.outbox.claim import Fenced, Job, finish
from kit.outbox.run import run, run_in_steps
from kit.runtime import Runtime
from kit.storage import ObjectMissing
from models import decode
from models.derive.clip import Clip, make_clip
from modules.share import keys, opening, service, store
from modules.share.deeds import Deed
from modules.share.errors import ShareEnded
from modules.share.jobs import (
    CountBooking,
    DeleteShareObjects,
    EndSharesOfConsent,
    EndSharesOfPhoto,
    EndSharesOfTryOn,
    ExpireShare,
    ForgetShare,
    GiveUpClip,
    MakeClip,
)
from modules.share.opening import Opened

_one_at_a_time = asyncio.Lock()
"""A clip takes a core for some seconds; erasures of the same queue go on beside it."""


@dramatiq.actor(actor_name=MakeClip.kind, queue_name=MakeClip.queue)
async def make_share_clip(job_id: str) -> None:
    """Make a clip: read, close, encode and store, write. A share that ends meanwhile takes its clip back."""

    async def fail(_here: Runtime, unit: Unit, job: Job, _error: Exception) -> None:
        await _fail(unit, job.payload["share_id"])

    await run_in_steps(job_id, _make, last_words=fail)


async def _make(here: Runtime, job: Job) -> None:
    share_id = job.payload["share_id"]
    async with here.db.tenant(job.business_id) as unit:
        opened = await _wanted(unit, share_id)
        if opened is None:
            await finish(unit, job)
            return
    clip = await _encoded(here, opened)
    key = keys.clip(job.business_id, share_id, clip.format)
    await here.storage.put(key, clip.data, "video/mp4" if clip.format == "mp4" else "image/webp")
    try:
        async with here.db.tenant(job.business_id) as unit:
            if await _wanted(unit, share_id) is None or not await store.end_clip(
                unit, share_id, "done", clip.format
            ):
                raise Fenced
            await finish(unit, job)
    except Fenced:
        await here.storage.delete(key)
        raise
    SHARE_CLIPS.labels(clip.format).inc()


async def _wanted(unit: Unit, share_id: str) -> Opened | None:
    """The share, while its before and after may be shown."""
    try:
        opened = await opening.opened(unit, share_id)
    except ShareEnded:
        return None
    return opened if opened.shows_before else None


async def _encoded(here: Runtime, opened: Opened) -> Clip:
    """Raises ShareEnded when the pictures are gone."""
    assert opened.result.before is not None
    try:
        before, after = await asyncio.gather(
            here.storage.get(opened.result.before), here.storage.get(opened.render.objects["full"])
        )
    except ObjectMissing:
        raise ShareEnded from None
    async with _one_at_a_time:
        return await asyncio.to_thread(_clip, before, after)


def _clip(before: bytes, after: bytes) -> Clip:
    return make_clip(decode.decode(before).rgb, decode.decode(after).rgb)


async def _fail(unit: Unit, share_id: str) -> None:
    if await store.end_clip(unit, share_id, "failed"):
        SHARE_CLIPS.labels("failed").inc()


@dramatiq.actor(actor_name=GiveUpClip.kind, queue_name=GiveUpClip.queue)
async def give_up_clip(job_id: str) -> None:
    """Say that a clip killed every worker that made it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await _fail(unit, job.payload["share_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpireShare.kind, queue_name=ExpireShare.queue)
async def expire_share(job_id: str) -> None:
    """End a share whose time is over."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.end_expired(unit, job.payload["share_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ForgetShare.kind, queue_name=ForgetShare.queue)
async def forget_share(job_id: str) -> None:
    """Delete the row of a share that ended long ago."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.forget(unit, job.payload["share_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=DeleteShareObjects.kind, queue_name=DeleteShareObjects.queue)
async def delete_share_objects(job_id: str) -> None:
    """Delete what was made for a share that ended."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        share_id = job.payload["share_id"]
        if share_id not in await service.kept(unit, {share_id}):
            await runtime.storage.delete_prefix(keys.everything(unit.business_id, share_id))

    await run(job_id, work)


@dramatiq.actor(actor_name=CountBooking.kind, queue_name=CountBooking.queue)
async def count_booking(job_id: str) -> None:
    """Count an appointment for the share that brought her who booked it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        if (share_id := job.payload["source"]) is not None:
            await service.count(unit, share_id, Deed.BOOKED)

    await run(job_id, work)


@dramatiq.actor(actor_name=EndSharesOfConsent.kind, queue_name=EndSharesOfConsent.queue)
async def end_shares_of_consent(job_id: str) -> None:
    """End what rests on a consent that was taken back."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.end_of_consent(unit, job.payload["consent_id"], job.payload["purposes"])

    await run(job_id, work)


@dramatiq.actor(actor_name=EndSharesOfPhoto.kind, queue_name=EndSharesOfPhoto.queue)
async def end_shares_of_photo(job_id: str) -> None:
    """End what shows an erased photo."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.end_of_photo(unit, job.payload["photo_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=EndSharesOfTryOn.kind, queue_name=EndSharesOfTryOn.queue)
async def end_shares_of_tryon(job_id: str) -> None:
    """End what shows an erased try-on."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.end_of_tryon(unit, job.payload["tryon_id"])

    await run(job_id, work)
