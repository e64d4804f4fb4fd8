"""From a try-on's row to what the API shows."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kit.runtime import Runtime
from kit.settings import Settings
from modules.tryon import links, sizes
from modules.tryon.result import RenderedLook
from modules.tryon.states import Status
from modules.tryon.store import TryOnRow
from modules.tryon.wire import Failure, RenderView, TryOn

PICTURE_LIFETIME = timedelta(minutes=15)
_PROGRESS = {Status.QUEUED: 0.0, Status.RUNNING: 0.5}
_WORDS = {
    "photo_gone": "The photo is no longer there. Please take a new one.",
    "lease_expired": "We could not work with this photo. Please try another one.",
}
_FAILED = "Something went wrong on our side. Please try again."


async def view(row: TryOnRow, runtime: Runtime) -> TryOn:
    """Shape a try-on; pictures are signed for fifteen minutes."""
    result, storage = row.result, runtime.storage
    return TryOn(
        id=row.id,
        customer_id=row.customer_id,
        photo_id=row.photo_id,
        status=row.status,
        version=row.version,
        progress=_PROGRESS.get(row.status, 1.0),
        created_at=row.created_at,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        links=_links(row, runtime.settings),
        test=row.test,
        renders=tuple([await _render(row.id, *look, runtime) for look in enumerate(result.renders)])
        if result
        else (),
        before=await storage.url(result.before, expires_in=PICTURE_LIFETIME)
        if result and result.before
        else None,
        before_sha256=result.before_sha256 if result else None,
        before_sizes=sizes.links(row.id, "before", runtime.settings) if result and result.before else {},
        advice=_advice(result.renders) if result else (),
        problem=Failure(row.error_code, _WORDS.get(row.error_code, _FAILED)) if row.error_code else None,
    )


def _links(row: TryOnRow, settings: Settings) -> dict[str, str]:
    own = f"/v1/tryons/{row.id}"
    found = {"self": own, "events": links.events(row, settings)}
    return found if row.status.ended else {**found, "cancel": f"{own}/cancel"}


async def _render(tryon_id: str, number: int, render: RenderedLook, runtime: Runtime) -> RenderView:
    urls = await asyncio.gather(
        *(runtime.storage.url(key, expires_in=PICTURE_LIFETIME) for key in render.objects.values())
    )
    return RenderView(
        look=render.name,
        layers=render.layers,
        pictures=dict(zip(render.objects, urls, strict=True)),
        sha256=render.sha256,
        sizes=sizes.links(tryon_id, str(number), runtime.settings) if "full" in render.objects else {},
    )


def _advice(renders: tuple[RenderedLook, ...]) -> tuple[str, ...]:
    """Every piece of advice once, in the order of the layers."""
    return tuple(dict.fromkeys(layer.advice for render in renders for layer in render.layers if layer.advice))
