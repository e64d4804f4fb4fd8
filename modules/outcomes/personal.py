"""What outcomes keep of a person: a picture of how it turned out, and how near that came to what she was shown."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from kit import clock
from kit.db.unit import Unit
from kit.outbox import add
from kit.person import Erased, Exported, Kept, Person
from modules.outcomes import keys, store
from modules.outcomes.jobs import DeleteOutcomeObjects
from modules.outcomes.states import OutcomeStatus

KEPT = (
    Kept(
        table="outcomes",
        what="how near the colours of her visit came to the preview, finger by finger, and a picture of them where "
        "she lets her stylist keep it",
        until="the picture 30 days (`VERNIS_RETENTION__RENDER_DAYS`); the figures until she is erased",
        objects="outcomes/",
    ),
)

SECOND_LOOK = timedelta(minutes=5)
"""A worker in the middle of a comparison takes back what it stores; should it die just then, this does."""


async def erase(unit: Unit, person: Person) -> Erased:
    """Erase every outcome; a worker in the middle of one finds nothing to write to."""
    erased = 0
    for row in await store.of_customer(unit, person.customer_id):
        if await store.erase(unit, row.id):
            erased += 1
            if row.status is OutcomeStatus.RUNNING:
                await add(unit, DeleteOutcomeObjects(row.id), at=clock.now() + SECOND_LOOK)
    ids = await store.ids_of_customer(unit, person.customer_id)
    return Erased(
        counts={"outcomes": erased},
        things=frozenset(ids),
        prefixes=tuple(keys.everything(unit.business_id, outcome_id) for outcome_id in ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every outcome that is not erased, with its picture."""
    rows = await store.of_customer(unit, person.customer_id)
    return Exported(
        records={"outcomes": [msgspec.to_builtins(row) for row in rows]},
        objects={f"outcomes/{row.id}.jpg": row.picture for row in rows if row.picture is not None},
    )
