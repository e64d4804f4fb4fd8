"""What accounts keep of a person: the tokens of her devices."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.accounts import store

KEPT = (Kept("visitor_tokens", "the digest of her device's token", "2 hours, its digest 7 days"),)


async def erase(unit: Unit, person: Person) -> Erased:
    """End her visits."""
    return Erased(counts={"visitor_tokens": await store.delete_visitors(unit, person.customer_id)})


async def export(unit: Unit, person: Person) -> Exported:
    return Exported(records={"visitor_tokens": await store.visitors_of(unit, person.customer_id)})
