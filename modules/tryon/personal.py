"""What try-ons keep of a person: what she tried on, and the pictures of it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from kit import clock
from kit.db.unit import Unit
from kit.outbox import add, emit
from kit.outbox.write import cancel as cancel_job
from kit.person import Erased, Exported, Kept, Person
from modules.photos.jobs import DeletePhotoObjects
from modules.tryon import events, keys, store
from modules.tryon.jobs import DeleteTryOnObjects
from modules.tryon.result import Result
from modules.tryon.states import Status

KEPT = (
    Kept(
        table="tryons",
        what="which designs she tried on which photo, how it went, and the pictures",
        until="30 days (`VERNIS_RETENTION__RENDER_DAYS`); id and times until she is erased",
        objects="results/",
    ),
)

SECOND_LOOK = timedelta(minutes=5)
"""A worker that is in the middle of a render takes back what it stores; should it die just then, this does."""


async def erase(unit: Unit, person: Person) -> Erased:
    """Erase every try-on, whatever its state; workers in the middle of one are fenced off."""
    erased = 0
    for row in await store.of_customer(unit, person.customer_id):
        if await store.erase(unit, row.id) is None:
            continue
        erased += 1
        await cancel_job(unit, row.job_id)
        await emit(unit, events.TryOnErased(row.id, row.photo_id))
        if row.status is Status.RUNNING:
            await add(unit, DeleteTryOnObjects(row.id), at=clock.now() + SECOND_LOOK)
            await add(unit, DeletePhotoObjects(row.photo_id), at=clock.now() + SECOND_LOOK)
    ids = await store.ids_of_customer(unit, person.customer_id)
    return Erased(
        counts={"tryons": erased},
        things=frozenset(ids),
        prefixes=tuple(keys.everything(unit.business_id, tryon_id) for tryon_id in ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every try-on that is not erased, with its pictures."""
    rows = await store.of_customer(unit, person.customer_id)
    objects: dict[str, str] = {}
    for row in rows:
        if row.result is not None:
            objects.update(_pictures(row.id, row.result))
    return Exported(records={"tryons": [msgspec.structs.asdict(row) for row in rows]}, objects=objects)


def _pictures(tryon_id: str, result: Result) -> dict[str, str]:
    """Storage keys of a try-on's pictures by file name."""
    found = {
        f"tryons/{tryon_id}/{number}-{name}.jpg": key
        for number, render in enumerate(result.renders, start=1)
        for name, key in render.objects.items()
    }
    return found if result.before is None else {**found, f"tryons/{tryon_id}/before.jpg": result.before}
