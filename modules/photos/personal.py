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
    Kept(
        table="photo_uploads",
        what="forms that were handed out for her photos, and what was posted with them",
        until="an hour",
        objects="incoming/",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Erase every photo; what was made from them follows as if each were erased by itself."""
    erased = await store.erase_of_customer(unit, person.customer_id)
    for photo_id in erased:
        await emit(unit, PhotoErased(photo_id))
    uploads = await store.take_uploads_of_customer(unit, person.customer_id)
    ids = [row["id"] for row in await store.of_customer(unit, person.customer_id)]
    return Erased(
        counts={"photos": len(erased), "photo_uploads": len(uploads)},
        things=frozenset(ids),
        prefixes=(
            keys.everything_incoming(unit.business_id, person.customer_id),
            *(keys.everything(unit.business_id, photo_id) for photo_id in ids),
        ),
        remembered=tuple(ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every photo, and what is on its way to become one; those that are still there with their bytes."""
    rows = await store.of_customer(unit, person.customer_id)
    there = [row for row in rows if row["erased_at"] is None]
    objects = {
        f"photos/{row['id']}.{row['media_type'].rpartition('/')[2]}": keys.original(
            unit.business_id, row["id"]
        )
        for row in there
    }
    uploads = await store.uploads_of_customer(unit, person.customer_id)
    for row in uploads:
        if row["photo_id"] is None:
            key = keys.incoming(unit.business_id, person.customer_id, row["id"])
            objects[f"photos/{row['id']}"] = key
    return Exported(records={"photos": rows, "photo_uploads": uploads}, objects=objects)
