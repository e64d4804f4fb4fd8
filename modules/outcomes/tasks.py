"""Actors that compare real results with their previews and let them go."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import dramatiq

from kit import clock
from kit.db.unit import Unit
from kit.news import News, tell
from kit.outbox import add
from kit.outbox.claim import Fenced, Job, finish
from kit.outbox.run import run, run_in_steps
from kit.runtime import Runtime
from kit.storage import ObjectMissing
from looks.compared import Region
from models.compare import compare
from models.decode import decode
from models.derive.outputs import before
from models.pipeline import Studio
from models.types import Photo, Scan
from modules.outcomes import keys, service, store
from modules.outcomes.errors import PreviewGone
from modules.outcomes.jobs import (
    CompareOutcome,
    DeleteOutcomeObjects,
    EraseOutcomesOfConsent,
    EraseOutcomesOfPhoto,
    ExpireOutcomePicture,
    GiveUpOutcome,
)
from modules.outcomes.store import OutcomeRow
from modules.tryon import deliver
from modules.tryon.errors import PhotoGone
from modules.tryon.tasks import forget_scan, look_at_photo, purposes_of

Told = tuple[tuple[Region, ...] | None, bytes]
"""The regions, None where nothing of the look was found, and the photo without its metadata."""


@dramatiq.actor(actor_name=CompareOutcome.kind, queue_name=CompareOutcome.queue)
async def compare_outcome(job_id: str) -> None:
    """Compare the photo of a real result with its preview.

    As with a render, no transaction is open while the models run: claim, close, look, write.
    """

    async def fail(here: Runtime, unit: Unit, job: Job, error: Exception) -> None:
        code = error.code if isinstance(error, PhotoGone | PreviewGone) else "comparison_failed"
        await _fail(here, unit, job.payload["outcome_id"], code)

    await run_in_steps(job_id, _compare, last_words=fail)


async def _compare(here: Runtime, job: Job) -> None:
    outcome_id = job.payload["outcome_id"]
    async with here.db.tenant(job.business_id) as unit:
        row = await store.start(unit, outcome_id)
        if row is None:
            await finish(unit, job)
            return
        keeps = service.keeps_picture(await purposes_of(unit, row.photo_id))
        key = await service.preview_of(unit, row)
    try:
        preview = await here.storage.get(key)
    except ObjectMissing:
        raise PreviewGone from None
    (regions, picture), scans = await look_at_photo(here, job, row.photo_id, partial(_look, row, preview))
    key = keys.picture(job.business_id, outcome_id, job.token)
    taken = {key: picture} if keeps and regions is not None else {}
    try:
        await deliver.put(here.storage, {**scans, **taken})
        async with here.db.tenant(job.business_id) as unit:
            keeps = service.keeps_picture(await purposes_of(unit, row.photo_id))  # taken back while we looked
            ended = await service.finish(unit, row, regions, key if taken and keeps else None)
            await finish(unit, job)
            if ended is None:
                raise Fenced
            if (taken and not keeps) or job.token > 1:
                await add(unit, DeleteOutcomeObjects(outcome_id))
            if ended.picture is not None:
                life = timedelta(days=here.settings.retention.render_days)
                await add(unit, ExpireOutcomePicture(outcome_id), at=clock.now() + life)
            _announce(here, unit, ended)
    except (Fenced, PhotoGone) as error:
        await deliver.take_back(here.storage, taken)
        if isinstance(error, PhotoGone):
            await forget_scan(here, job, row.photo_id)
        raise


def _look(row: OutcomeRow, preview: bytes, studio: Studio, photo: Photo, scan: Scan) -> tuple[Scan, Told]:
    places = dict.fromkeys(one.place for one in row.worn)
    fingers = frozenset(finger for one in row.worn for finger in one.fingers)
    scan, regions = compare(studio, decode(preview), photo, scan, [*places], fingers)
    return scan, (regions, before(photo.rgb))


async def _fail(here: Runtime, unit: Unit, outcome_id: str, code: str) -> None:
    ended = await service.fail(unit, outcome_id, code)
    if ended is not None:
        _announce(here, unit, ended)


def _announce(here: Runtime, unit: Unit, ended: OutcomeRow) -> None:
    """Tell whoever waits for a comparison that it has ended, once that is committed."""

    async def announce() -> None:
        await tell(here.redis, ended.id, News(ended.status, ended.version))

    unit.afterwards(announce)


@dramatiq.actor(actor_name=GiveUpOutcome.kind, queue_name=GiveUpOutcome.queue)
async def give_up_outcome(job_id: str) -> None:
    """Fail a comparison that killed every worker that took it."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await _fail(runtime, unit, job.payload["outcome_id"], "lease_expired")

    await run(job_id, work)


@dramatiq.actor(actor_name=DeleteOutcomeObjects.kind, queue_name=DeleteOutcomeObjects.queue)
async def delete_outcome_objects(job_id: str) -> None:
    """Delete what an ended outcome does not show."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        outcome_id = job.payload["outcome_id"]
        shown = await service.kept(unit, {outcome_id})
        await deliver.keep_only(runtime.storage, keys.everything(unit.business_id, outcome_id), shown)

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpireOutcomePicture.kind, queue_name=ExpireOutcomePicture.queue)
async def expire_outcome_picture(job_id: str) -> None:
    """Let go of a picture whose time is over."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.drop_picture(unit, job.payload["outcome_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=EraseOutcomesOfPhoto.kind, queue_name=EraseOutcomesOfPhoto.queue)
async def erase_outcomes_of_photo(job_id: str) -> None:
    """Erase what was learnt from an erased photo."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.erase_of_photo(unit, job.payload["photo_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=EraseOutcomesOfConsent.kind, queue_name=EraseOutcomesOfConsent.queue)
async def erase_outcomes_of_consent(job_id: str) -> None:
    """Erase what rests on the parts of a consent that were taken back."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.follow_withdrawal(unit, job.payload["consent_id"], job.payload["purposes"])

    await run(job_id, work)
