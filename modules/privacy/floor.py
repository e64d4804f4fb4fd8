"""What the ground floor keeps of a person: answers that were kept to be given again, and jobs."""

from __future__ import annotations

from kit import idempotency
from kit.db.unit import Unit
from kit.outbox.write import forget_customer
from kit.person import Erased, Exported, Kept, Person

KEPT = (
    Kept("idempotency_keys", "answers to her requests, to be given again when one is repeated",
         "24 hours (`VERNIS_IDEMPOTENCY__KEEP_HOURS`)"),
    Kept("jobs", "work that is to be done, by ids", "7 days after it is done"),
    Kept("outbox", "what happened, by ids, until it is told on", "about a second"),
)  # fmt: skip


async def erase(unit: Unit, person: Person) -> Erased:
    """Forget answers and jobs that name her."""
    answers = await idempotency.forget(unit, person.customer_id)
    return Erased(
        counts={"idempotency_keys": answers, "jobs": await forget_customer(unit, person.customer_id)}
    )


async def export(_unit: Unit, _person: Person) -> Exported:
    """Nothing: what is kept here for a day is copies of answers that tell of the rest."""
    return Exported()
