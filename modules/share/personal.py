"""What shares keep of a person: what she shared with which words, and how often it was followed."""

from __future__ import annotations

import msgspec

from kit.db.unit import Unit
from kit.outbox import emit
from kit.person import Erased, Exported, Kept, Person
from modules.customers import service as customers
from modules.share import events, keys, store

KEPT = (
    Kept(
        table="shares",
        what="which look she shared, with which words, and how often its link was followed; nothing of who did",
        until="30 days at most; its counts 30 days longer",
        objects="shares/",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """End every share, and let nobody say any more that one of them brought her."""
    rows = await store.of_customer(unit, person.customer_id)
    emptied = await store.empty(unit, person.customer_id)
    ids = [row.id for row in rows]
    await customers.forget_sources(unit, ids)
    for row in rows:
        if row.ended_at is None:
            await emit(unit, events.ShareEnded(row.id, row.tryon_id, "erased"))
    return Erased(
        counts={"shares": emptied},
        things=frozenset(ids),
        prefixes=tuple(keys.everything(unit.business_id, share_id) for share_id in ids),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every share; the pictures that were made for them are made of those that try-ons hand out."""
    rows = await store.of_customer(unit, person.customer_id)
    return Exported(records={"shares": [msgspec.structs.asdict(row) for row in rows]})
