"""What analyses keep of a person: skin, colours and proportions of her face."""

from __future__ import annotations

import msgspec

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.analysis import store

KEPT = (
    Kept(
        table="analyses",
        what="what her photo told of her face: skin tone, undertone, season, shape and proportions, colours, light",
        until="as long as the photo: 24 hours (`VERNIS_RETENTION__PHOTO_HOURS`)",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Delete every analysis; a worker in the middle of one finds nothing to write to."""
    ids = await store.forget_customer(unit, person.customer_id)
    return Erased(counts={"analyses": len(ids)}, things=frozenset(ids))


async def export(unit: Unit, person: Person) -> Exported:
    """Every analysis with all that it says."""
    rows = await store.of_customer(unit, person.customer_id)
    return Exported(records={"analyses": [msgspec.to_builtins(row) for row in rows]})
