"""Actors that draw the pictures of a salon's own designs."""

from __future__ import annotations

import asyncio
import hashlib

import dramatiq

from kit.db.unit import Unit
from kit.log import get_logger
from kit.outbox import add
from kit.outbox.claim import Job
from kit.outbox.run import run
from kit.runtime import Runtime
from models.render import sample
from modules.catalog import designs, keys
from modules.catalog.jobs import DrawPreviews
from modules.catalog.own import PreviewState
from modules.catalog.store.designs import OwnRow

log = get_logger(__name__)

SIDE_PX = 480
AT_ONCE = 10
"""Pictures of one job. It queues itself again for the rest, so that an import of thousands lets other jobs through."""


@dramatiq.actor(actor_name=DrawPreviews.kind, queue_name=DrawPreviews.queue)
async def draw_previews(job_id: str) -> None:
    """Draw designs that wait for their picture."""

    async def work(runtime: Runtime, unit: Unit, _job: Job) -> None:
        rows = await designs.undrawn(unit, AT_ONCE)
        pictures = [await _drawn(row) for row in rows]
        for row, picture in zip(rows, pictures, strict=True):
            if picture is None:
                await designs.drawn(unit, row, PreviewState.FAILED, None, None)
                continue
            digest = hashlib.sha256(picture).hexdigest()
            key = keys.preview(unit.business_id, row.design.id, digest)
            await runtime.storage.put(key, picture, "image/jpeg")
            await designs.drawn(unit, row, PreviewState.READY, key, digest)
        if len(rows) == AT_ONCE:
            await add(unit, DrawPreviews())

    await run(job_id, work)


async def _drawn(row: OwnRow) -> bytes | None:
    """The design's picture as a JPEG; None when it cannot be drawn, which somebody should look at."""
    try:
        return await asyncio.to_thread(sample.file, row.design.worn, SIDE_PX)
    except Exception as error:
        log.error("preview_failed", design_id=row.design.id, exc_info=error)
        return None
