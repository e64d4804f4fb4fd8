"""What privacy itself keeps of a person: archives of what is kept of her, and that she is being erased."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.privacy import keys, store

KEPT = (
    Kept(
        table="exports",
        what="an archive of all that is kept of her, made because somebody asked for it",
        until="24 hours (`VERNIS_RETENTION__EXPORT_HOURS`); when it was asked for, until she is erased",
        objects="exports/",
    ),
    Kept(
        table="erasures",
        what="the receipt: how many rows of each kind went, and when; her id only while it is under way",
        until="as long as the business is there; it names nobody",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Close every export."""
    closed = await store.close_exports(unit, person.customer_id)
    ids = [row["id"] for row in await store.exports_of(unit, person.customer_id)]
    return Erased(
        counts={"exports": closed},
        things=frozenset(ids),
        prefixes=tuple(keys.everything(unit.business_id, export_id) for export_id in ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """When exports were asked for; the archives themselves are copies of the rest."""
    return Exported(records={"exports": await store.exports_of(unit, person.customer_id)})
