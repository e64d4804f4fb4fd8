"""Actors that let photos go."""

from __future__ import annotations

import dramatiq

from kit.db.unit import Unit
from kit.news import tell_to_forget
from kit.outbox.claim import Job
from kit.outbox.run import run
from kit.runtime import Runtime
from modules.consent.texts import Purpose
from modules.photos import keys, service, store
from modules.photos.jobs import DeletePhotoObjects, EmptyUpload, ErasePhotosOfConsent, ExpirePhoto


@dramatiq.actor(actor_name=DeletePhotoObjects.kind, queue_name=DeletePhotoObjects.queue)
async def delete_photo_objects(job_id: str) -> None:
    """Delete an erased photo's objects, and have every worker drop it from memory."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await runtime.storage.delete_prefix(keys.everything(unit.business_id, job.payload["photo_id"]))
        await tell_to_forget(runtime.redis, job.payload["photo_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ErasePhotosOfConsent.kind, queue_name=ErasePhotosOfConsent.queue)
async def erase_photos_of_consent(job_id: str) -> None:
    """Erase what stands on a consent that was taken back."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        if Purpose.TRY_ON in job.payload.get("purposes", Purpose):
            await service.erase_of_consent(unit, job.payload["consent_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpirePhoto.kind, queue_name=ExpirePhoto.queue)
async def expire_photo(job_id: str) -> None:
    """Erase a photo whose time is over."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.erase_expired(unit, job.payload["photo_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=EmptyUpload.kind, queue_name=EmptyUpload.queue)
async def empty_upload(job_id: str) -> None:
    """Delete what was posted with an upload's form."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        upload_id, customer_id = job.payload["upload_id"], job.payload["customer_id"]
        await store.forget_upload_when_over(unit, upload_id)
        await runtime.storage.delete(keys.incoming(unit.business_id, customer_id, upload_id))

    await run(job_id, work)
