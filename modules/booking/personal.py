"""What booking keeps of a person: her appointments, and what she waits for."""

from __future__ import annotations

import msgspec

from kit.db.unit import Unit
from kit.outbox import emit
from kit.person import Erased, Exported, Kept, Person
from modules.booking import holds
from modules.booking.events import AppointmentCancelled
from modules.booking.store import appointments, waitlist
from modules.booking.wire import OPEN

KEPT = (
    Kept(
        table="appointments",
        what="when she comes, to whom, for what and at what price, and the name, address and note that she gave",
        until="name, address and note 30 days after the visit (`VERNIS_RETENTION__CONTACT_DAYS`); the rest until "
        "she is erased",
    ),
    Kept(
        table="occupations",
        what="who and what her appointments take, and when",
        until="as long as the appointment stands",
    ),
    Kept(
        table="waitlist",
        what="which times she waits for, and the name and address that she gave",
        until="name and address while she waits; the rest until she is erased",
    ),
)


async def erase(unit: Unit, person: Person) -> Erased:
    """Delete every appointment; those to come are cancelled, and their time is free again."""
    rows = await appointments.of_customer(unit, person.customer_id, lock=True)
    to_come = [row for row in rows if row.status in OPEN]
    taken = len(await appointments.occupations_of_customer(unit, person.customer_id))
    waiting = await waitlist.delete_of_customer(unit, person.customer_id)
    deleted = await appointments.delete_of_customer(unit, person.customer_id)
    await emit(unit, *(AppointmentCancelled(row.id, row.sequence + 1) for row in to_come))
    for location_id in {row.location_id for row in to_come}:
        await holds.freed(unit, location_id)
    return Erased(
        counts={"appointments": deleted, "occupations": taken, "waitlist": waiting},
        things=frozenset(row.id for row in rows),
    )


async def export(unit: Unit, person: Person) -> Exported:
    """Every appointment, what it takes, and every place on the waiting list."""
    return Exported(
        records={
            "appointments": [
                msgspec.to_builtins(row, builtin_types=())
                for row in await appointments.of_customer(unit, person.customer_id)
            ],
            "occupations": await appointments.occupations_of_customer(unit, person.customer_id),
            "waitlist": [
                msgspec.structs.asdict(row) for row in await waitlist.of_customer(unit, person.customer_id)
            ],
        }
    )
