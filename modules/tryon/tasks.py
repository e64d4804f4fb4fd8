"""Actors that render try-ons and let them go."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

import dramatiq
import msgspec

from kit import clock
from kit.db.unit import Unit
from kit.log import get_logger
from kit.metrics import STEP_SECONDS, TRYON_SECONDS, TRYONS_ENDED
from kit.news import News, tell
from kit.outbox.claim import Fenced, Job, finish
from kit.outbox.run import run, run_in_steps
from kit.runtime import Runtime
from kit.storage import ObjectMissing
from models import scan_codec
from models.compose import Underlay
from models.decode import decode
from models.manifest import fingerprint
from models.pipeline import Studio, TryOnResult
from models.types import Photo, Scan
from modules.consent.texts import Purpose
from modules.photos import keys as photo_keys
from modules.photos import service as photos
from modules.tryon import deliver, keys, service, store
from modules.tryon.errors import PhotoGone
from modules.tryon.jobs import (
    DeleteTryOnObjects,
    EraseTryOnsOfPhoto,
    ExpireTryOn,
    FollowWithdrawal,
    GiveUpTryOn,
    RememberTriedDesigns,
    RenderTryOn,
)
from modules.tryon.memory import Memory
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from modules.tryon.store import TryOnRow, WholeTryOn

log = get_logger(__name__)

Told = TypeVar("Told")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo, as it was stored or decoded, and what is known of it already: its Scan, its encoded "before", and what
    of the last look may lie under the next one.
    """

    source: bytes | Photo
    scan: Scan | None
    before: bytes = b""
    under: Underlay | None = None

    @property
    def size_bytes(self) -> int:
        """Memory of the pixels and of the masks; landmarks are a few kilobytes."""
        picture = len(self.source) if isinstance(self.source, bytes) else self.source.rgb.nbytes
        scan = self.scan or Scan()
        masks = [
            *(nail.mask for nail in scan.nails or ()),
            *(lips.mask for lips in scan.lips or ()),
            *(hair.mask for hair in scan.hair or ()),
        ]
        under = 0 if self.under is None else self.under.canvas.nbytes
        return picture + under + len(self.before) + sum(mask.alpha.nbytes for mask in masks)


_studio: Studio | None = None
_one_at_a_time = asyncio.Lock()
_memory = Memory[Seen](lambda seen: seen.size_bytes)


def warm() -> None:
    """Load and warm every model of this process; a failure ends it."""
    global _studio
    _studio = Studio.load()


def forget_photo(photo_id: str | None) -> None:
    """Drop a photo from this process's memory; None drops all of them."""
    _memory.forget(photo_id)


@dramatiq.actor(actor_name=RenderTryOn.kind, queue_name=RenderTryOn.queue)
async def render_tryon(job_id: str) -> None:
    """Draw looks onto a photo.

    More than one transaction: claim, close, infer, write. No transaction is open while the
    models run, and the result is written only while the claim's fencing token still holds.
    """

    async def fail(here: Runtime, unit: Unit, job: Job, error: Exception) -> None:
        code = error.code if isinstance(error, PhotoGone) else "render_failed"
        await _fail(here, unit, job.payload["tryon_id"], code)

    await run_in_steps(job_id, _render, last_words=fail)


async def _render(here: Runtime, job: Job) -> None:
    tryon_id = job.payload["tryon_id"]
    async with here.db.tenant(job.business_id) as unit:
        row = await store.start(unit, tryon_id)
        if row is None:
            await finish(unit, job)
            return
        purposes = await purposes_of(unit, row.photo_id)
    made, scans = await _draw(here, job, row)
    prefix = keys.attempt(job.business_id, tryon_id, job.token)
    result, pictures = await asyncio.to_thread(_described, made, row, prefix, purposes)
    try:
        await deliver.put(here.storage, {**pictures, **scans})
        async with here.db.tenant(job.business_id) as unit:
            hidden = (
                not service.shows_before(await purposes_of(unit, row.photo_id)) and result.before is not None
            )
            if hidden:  # taken back while we drew
                result = msgspec.structs.replace(result, before=None, before_sha256=None)
            ended = await service.finish(unit, tryon_id, result, tidy=hidden or job.token > 1)
            await finish(unit, job)
            if ended is None:
                raise Fenced
            _announce(here, unit, ended)
    except (Fenced, PhotoGone) as error:
        await deliver.take_back(here.storage, pictures)
        if isinstance(error, PhotoGone):
            await forget_scan(here, job, row.photo_id)
        raise


async def forget_scan(here: Runtime, job: Job, photo_id: str) -> None:
    """Let go of what was kept of a photo that was erased while we looked at it."""
    forget_photo(photo_id)
    await here.storage.delete(_scan_key(job, photo_id))


async def purposes_of(unit: Unit, photo_id: str) -> frozenset[Purpose]:
    """What the photo may be used for. Raises PhotoGone, also when it may not be tried on any more."""
    purposes = await photos.purposes(unit, photo_id)
    if purposes is None or Purpose.TRY_ON not in purposes:
        raise PhotoGone
    return purposes


async def _draw(here: Runtime, job: Job, row: WholeTryOn) -> tuple[TryOnResult, dict[str, bytes]]:
    """Run the pipeline on the photo, from memory where this process has seen it lately.

    Returns also what was newly found in the photo, to be stored: its Scan by key, or nothing.

    A pipeline that hangs in native code cannot be interrupted: the process ends, and the reaper gives the job on.
    """
    studio = loaded()
    seen = await _seen(here, job, row.photo_id)
    loop = asyncio.get_running_loop()

    def progress(step: str) -> None:
        asyncio.run_coroutine_threadsafe(tell(here.redis, row.id, News(row.status, row.version, step)), loop)

    limit_s = here.settings.workers.render_timeout_s

    def draw() -> TryOnResult:
        return studio.try_on(
            seen.source,
            row.looks,
            seen.scan,
            before=seen.before,
            under=seen.under,
            deadline=time.monotonic() + limit_s,
            progress=progress,
        )

    made = await _alone(draw, limit_s, row.id)
    for step, ms in made.steps_ms.items():
        STEP_SECONDS.labels(step).observe(ms / 1000)
    _memory.remember(row.photo_id, Seen(made.photo, made.scan, made.before, made.under))
    return made, _news(job, row.photo_id, seen.scan, made.scan)


async def look_at_photo(
    here: Runtime, job: Job, photo_id: str, look: Callable[[Studio, Photo, Scan], tuple[Scan, Told]]
) -> tuple[Told, dict[str, bytes]]:
    """Ask this process's models about a photo, from memory where it has seen it lately. Raises PhotoGone.

    look: given what is known of the photo, gives it back with what it found beside, and what it tells. Returns that,
    and what is to be stored by key. One that hangs ends the process, as a render does.
    """
    studio, seen = loaded(), await _seen(here, job, photo_id)

    def work() -> tuple[Photo, Scan, Told]:
        photo = seen.source if isinstance(seen.source, Photo) else decode(seen.source)
        scan, told = look(studio, photo, seen.scan or Scan())
        return photo, scan, told

    photo, scan, told = await _alone(work, here.settings.workers.render_timeout_s, photo_id)
    _memory.remember(photo_id, Seen(photo, scan, seen.before, seen.under))
    return told, _news(job, photo_id, seen.scan, scan)


def loaded() -> Studio:
    """The models of this process."""
    if _studio is None:
        raise LookupError("the models of this process are not loaded")
    return _studio


async def _alone(work: Callable[[], Done], limit_s: float, subject: str) -> Done:
    """Do in a thread what the models do, one thing at a time; what hangs ends the process."""
    async with _one_at_a_time:
        try:
            return await asyncio.wait_for(asyncio.to_thread(work), limit_s * 1.5)
        except TimeoutError:
            log.critical("pipeline_hangs", subject=subject)
            os._exit(1)


def _news(job: Job, photo_id: str, known: Scan | None, scan: Scan) -> dict[str, bytes]:
    """What was newly found in a photo, to be stored: its Scan by key, or nothing."""
    return {} if scan is known else {_scan_key(job, photo_id): scan_codec.encode(scan)}


async def _seen(here: Runtime, job: Job, photo_id: str) -> Seen:
    """A photo and what is known of it: from memory, or its bytes and what the same weights found in it before.

    Raises PhotoGone.
    """
    if (remembered := _memory.recall(photo_id)) is not None:
        return remembered
    source, scan = await asyncio.gather(
        _object(here, photo_keys.original(job.business_id, photo_id)), _object(here, _scan_key(job, photo_id))
    )
    if source is None:
        raise PhotoGone
    return Seen(source, None if scan is None else scan_codec.decode(scan))


async def _object(here: Runtime, key: str) -> bytes | None:
    try:
        return await here.storage.get(key)
    except ObjectMissing:
        return None


def _scan_key(job: Job, photo_id: str) -> str:
    return photo_keys.scan(job.business_id, photo_id, fingerprint())


def _described(
    made: TryOnResult, row: WholeTryOn, prefix: str, purposes: frozenset[Purpose]
) -> tuple[Result, dict[str, bytes]]:
    """The facts to keep and the pictures to store, by key. The "before" is kept only under a consent of its own."""
    pictures: dict[str, bytes] = {}
    renders = []
    for number, (look, render) in enumerate(zip(row.looks, made.renders, strict=True)):
        objects = {name: f"{prefix}{number}/{name}.jpg" for name in render.outputs}
        pictures.update((objects[name], data) for name, data in render.outputs.items())
        layers = tuple(
            LayerOutcome(
                str(layer.__struct_config__.tag),
                outcome.status,
                round(outcome.confidence, 3),
                outcome.advice,
                outcome.feasibility,
            )
            for layer, outcome in zip(look.layers, render.layers, strict=True)
        )
        hashes = {name: sha256(data).hexdigest() for name, data in render.outputs.items()}
        renders.append(RenderedLook(look.name, layers, objects, hashes))
    height, width = made.photo.size
    result = Result(width, height, tuple(renders))
    if service.shows_before(purposes):
        key = f"{prefix}before.jpg"
        pictures[key] = made.before
        result = msgspec.structs.replace(result, before=key, before_sha256=sha256(made.before).hexdigest())
    return result, pictures


async def _fail(here: Runtime, unit: Unit, tryon_id: str, code: str) -> None:
    ended = await service.fail(unit, tryon_id, code)
    if ended is not None:
        _announce(here, unit, ended)


def _announce(here: Runtime, unit: Unit, ended: TryOnRow) -> None:
    """Count the end of a try-on and tell whoever follows it, once it is committed."""

    async def announce() -> None:
        if not ended.test:
            TRYONS_ENDED.labels(ended.status).inc()
            TRYON_SECONDS.labels(ended.status).observe((clock.now() - ended.created_at).total_seconds())
        await tell(here.redis, ended.id, News(ended.status, ended.version))

    unit.afterwards(announce)


@dramatiq.actor(actor_name=GiveUpTryOn.kind, queue_name=GiveUpTryOn.queue)
async def give_up_tryon(job_id: str) -> None:
    """Fail a try-on whose render killed every worker that took it."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await _fail(runtime, unit, job.payload["tryon_id"], "lease_expired")

    await run(job_id, work)


@dramatiq.actor(actor_name=DeleteTryOnObjects.kind, queue_name=DeleteTryOnObjects.queue)
async def delete_tryon_objects(job_id: str) -> None:
    """Delete what an ended try-on does not show."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        tryon_id = job.payload["tryon_id"]
        shown = await service.kept(unit, {tryon_id})
        await deliver.keep_only(runtime.storage, keys.everything(unit.business_id, tryon_id), shown)

    await run(job_id, work)


@dramatiq.actor(actor_name=EraseTryOnsOfPhoto.kind, queue_name=EraseTryOnsOfPhoto.queue)
async def erase_tryons_of_photo(job_id: str) -> None:
    """Erase every try-on of an erased photo."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.erase_of_photo(unit, job.payload["photo_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=FollowWithdrawal.kind, queue_name=FollowWithdrawal.queue)
async def follow_withdrawal(job_id: str) -> None:
    """Erase what rests on the parts of a consent that were taken back."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.follow_withdrawal(unit, job.payload["consent_id"], job.payload["purposes"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ExpireTryOn.kind, queue_name=ExpireTryOn.queue)
async def expire_tryon(job_id: str) -> None:
    """Erase a try-on whose time is over."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.erase_expired(unit, job.payload["tryon_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=RememberTriedDesigns.kind, queue_name=RememberTriedDesigns.queue)
async def remember_tried_designs(job_id: str) -> None:
    """Note what a customer tried on."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await service.remember(unit, job.payload["tryon_id"])

    await run(job_id, work)
