"""What favourites and tried designs keep of a person."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.favourites import store

KEPT = (
    Kept(
        table="favourites",
        what="which designs she likes, and since when",
        until="until she takes them out or is erased",
    ),
    Kept(
        table="tried_designs",
        what="which designs she tried on lately, and when",
        until="the newest 50, until she is erased",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Delete both lists."""
    return Erased(counts=await store.forget(unit, person.customer_id))


async def export(unit: Unit, person: Person) -> Exported:
    """Both lists, by the designs' ids."""
    return Exported(records=await store.everything_of(unit, person.customer_id))
