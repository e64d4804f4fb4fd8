"""What consents keep of a person."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.consent import store

KEPT = (
    Kept(
        table="consents",
        what="what she agreed to, in which words, when, and how she signed",
        until="until she is erased",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Take back every consent and what she signed with."""
    emptied, ids = await store.empty(unit, person.customer_id)
    return Erased(counts={"consents": emptied}, things=frozenset(ids))


async def export(unit: Unit, person: Person) -> Exported:
    """Every consent, taken back or not."""
    return Exported(records={"consents": await store.everything_of(unit, person.customer_id)})
