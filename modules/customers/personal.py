"""What customers keep of a person: that she is there, and tickets by which her phone takes her over."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.customers import store

KEPT = (
    Kept("customers", "a random id and since when; no name, no address", "until she is erased; a kiosk's guest "
         "until her visit ends, unless she took her pictures along or booked"),
    Kept("tickets", "the digest of a code that hands her over to her phone", "10 minutes, its digest 7 days"),
)  # fmt: skip


async def erase(unit: Unit, person: Person) -> Erased:
    """Remove her tickets. Her own row goes last of all."""
    return Erased(counts={"tickets": await store.delete_tickets(unit, person.customer_id)})


async def export(unit: Unit, person: Person) -> Exported:
    return Exported(
        records={
            "customers": await store.of_customer(unit, person.customer_id),
            "tickets": await store.tickets_of(unit, person.customer_id),
        }
    )
