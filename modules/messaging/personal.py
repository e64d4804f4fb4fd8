"""What messaging keeps of a person: what is to be sent to her, and that something was."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Erased, Exported, Kept, Person
from modules.messaging import store

KEPT = (
    Kept("messages", "name, address and what a message is about while it waits; then only its kind, when it went, and "
         "keyed digests of address and words", "the words until it is sent or given up; "
         "its line in the log 90 days (`VERNIS_RETENTION__MESSAGE_DAYS`)"),
    Kept("message_attempts", "when it was tried, and the mail server's code", "with its message"),
    Kept("message_suppressions", "the keyed digest of an address that bounced, or whose owner wants no more",
         "90 days; a wish for no more until she is erased"),
)  # fmt: skip


async def erase(unit: Unit, person: Person) -> Erased:
    """Delete her messages, those that wait too, and what is suppressed for her."""
    ids = await store.messages.ids_of(unit, person.customer_id)
    counts = {
        "messages": await store.messages.remove_of(unit, person.customer_id),
        "message_suppressions": await store.suppressions.remove_of(unit, person.customer_id),
    }
    return Erased(counts=counts, things=frozenset(ids))


async def export(unit: Unit, person: Person) -> Exported:
    return Exported(
        records={
            "messages": await store.messages.of_customer(unit, person.customer_id),
            "message_attempts": await store.messages.attempts_of_customer(unit, person.customer_id),
            "message_suppressions": await store.suppressions.of_customer(unit, person.customer_id),
        }
    )
