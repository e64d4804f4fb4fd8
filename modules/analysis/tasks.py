"""Actors that look at faces and let go of what they told."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import dramatiq
import msgspec
import numpy as np

from kit.db.unit import Unit
from kit.news import News, tell
from kit.outbox.claim import Fenced, Job, finish
from kit.outbox.run import run, run_in_steps
from kit.runtime import Runtime
from looks.colour import Swatch, lab_to_linear, linear_to_srgb
from models.analyse.colouring import Colouring
from models.analyse.look import look_at_face
from models.analyse.portrait import Portrait
from models.pipeline import Studio
from models.types import Array, Photo, Scan
from modules.analysis import service, store
from modules.analysis.facts import FaceFacts
from modules.analysis.jobs import AnalysePhoto, ForgetAnalysisOfPhoto, GiveUpAnalysis
from modules.analysis.store import AnalysisRow
from modules.tryon import deliver
from modules.tryon.errors import PhotoGone
from modules.tryon.tasks import forget_scan, look_at_photo, purposes_of


@dramatiq.actor(actor_name=AnalysePhoto.kind, queue_name=AnalysePhoto.queue)
async def analyse_photo(job_id: str) -> None:
    """Look at the face in a photo.

    As with a render, no transaction is open while the models run: claim, close, look, write.
    """

    async def fail(here: Runtime, unit: Unit, job: Job, error: Exception) -> None:
        code = error.code if isinstance(error, PhotoGone) else "analysis_failed"
        await _fail(here, unit, job.payload["analysis_id"], code)

    await run_in_steps(job_id, _analyse, last_words=fail)


async def _analyse(here: Runtime, job: Job) -> None:
    analysis_id = job.payload["analysis_id"]
    async with here.db.tenant(job.business_id) as unit:
        row = await store.start(unit, analysis_id)
        if row is None:
            await finish(unit, job)
            return
        await purposes_of(unit, row.photo_id)
    portrait, scans = await look_at_photo(here, job, row.photo_id, _look)
    try:
        await deliver.put(here.storage, scans)
        async with here.db.tenant(job.business_id) as unit:
            await purposes_of(unit, row.photo_id)
            ended = await service.finish(unit, analysis_id, None if portrait is None else facts_of(portrait))
            await finish(unit, job)
            if ended is None:
                raise Fenced
            _announce(here, unit, ended)
    except PhotoGone:
        await forget_scan(here, job, row.photo_id)
        raise


def _look(studio: Studio, photo: Photo, scan: Scan) -> tuple[Scan, Portrait | None]:
    return look_at_face(studio.hands, studio.faces, studio.lips, photo, scan)


def facts_of(portrait: Portrait) -> FaceFacts:
    """What is kept and shown of a portrait, rounded."""
    tone, shape, quality = portrait.tone, portrait.shape, portrait.quality
    told = {
        "light": asdict(portrait.illuminant),
        "quality": {
            **asdict(quality),
            **asdict(quality.pose),
            "face_width_px": quality.width_px,
            "retake": quality.retake,
            "advice": quality.advice,
        },
        "shape": {**asdict(shape), **asdict(shape.proportions)},
        "lips": asdict(portrait.lips),
        "eyes": asdict(portrait.eyes),
        "brows": asdict(portrait.brows),
        "colouring": {
            name: None if lab is None else _swatch(lab)
            for name, lab in (
                (field.name, getattr(portrait.colouring, field.name)) for field in fields(Colouring)
            )
        },
        "tone": None if tone is None else {**asdict(tone), "swatch": Swatch.of(tone.hex)},
        "undertone": None if portrait.undertone is None else asdict(portrait.undertone),
        "season": None if portrait.season is None else asdict(portrait.season),
    }
    return msgspec.convert(_rounded(msgspec.to_builtins(told)), FaceFacts)


def _swatch(lab: Array) -> Swatch:
    red, green, blue = np.round(linear_to_srgb(lab_to_linear(lab)) * 255).astype(int).tolist()
    return Swatch.of(f"#{red:02x}{green:02x}{blue:02x}")


def _rounded(told: Any) -> Any:
    """Numbers to three places, however deep they lie."""
    match told:
        case float():
            return round(told, 3)
        case dict():
            return {name: _rounded(value) for name, value in told.items()}
        case list() | tuple():
            return [_rounded(value) for value in told]
    return told


async def _fail(here: Runtime, unit: Unit, analysis_id: str, code: str) -> None:
    ended = await service.fail(unit, analysis_id, code)
    if ended is not None:
        _announce(here, unit, ended)


def _announce(here: Runtime, unit: Unit, ended: AnalysisRow) -> None:
    """Tell whoever waits for an analysis that it has ended, once that is committed."""

    async def announce() -> None:
        await tell(here.redis, ended.id, News(ended.status, ended.version))

    unit.afterwards(announce)


@dramatiq.actor(actor_name=GiveUpAnalysis.kind, queue_name=GiveUpAnalysis.queue)
async def give_up_analysis(job_id: str) -> None:
    """Fail an analysis that killed every worker that took it."""

    async def work(runtime: Runtime, unit: Unit, job: Job) -> None:
        await _fail(runtime, unit, job.payload["analysis_id"], "lease_expired")

    await run(job_id, work)


@dramatiq.actor(actor_name=ForgetAnalysisOfPhoto.kind, queue_name=ForgetAnalysisOfPhoto.queue)
async def forget_analysis_of_photo(job_id: str) -> None:
    """Delete what a photo told, now that it is gone."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await store.forget_photo(unit, job.payload["photo_id"])

    await run(job_id, work)
