"""What photos keep of a person: the pictures she uploaded, and what was found in them."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.outbox import emit
from kit.person import Erased, Exported, Kept, Person
from modules.photos import keys, store
from modules.photos.events import PhotoErased

KEPT = (
    Kept(
        table="photos",
        what="her photo as it came, where hands and face are in it (Scan); its size, kind and digest",
        until="24 hours (`VERNIS_RETENTION__PHOTO_HOURS`); id and times until she is erased",
        objects="photos/",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Erase every photo; what was made from them follows as if each were erased by itself."""
    erased = await store.erase_of_customer(unit, person.customer_id)
    for photo_id in erased:
        await emit(unit, PhotoErased(photo_id))
    ids = [row["id"] for row in await store.of_customer(unit, person.customer_id)]
    return Erased(
        counts={"photos": len(erased)},
        things=frozenset(ids),
        prefixes=tuple(keys.everything(unit.business_id, photo_id) for photo_id in ids),
        remembered=tuple(ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every photo; those that are still there with their bytes."""
    rows = await store.of_customer(unit, person.customer_id)
    there = [row for row in rows if row["erased_at"] is None]
    objects = {
        f"photos/{row['id']}.{row['media_type'].rpartition('/')[2]}": keys.original(
            unit.business_id, row["id"]
        )
        for row in there
    }
    return Exported(records={"photos": rows}, objects=objects)
