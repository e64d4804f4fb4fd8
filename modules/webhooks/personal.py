"""What webhooks keep of a person: messages that named what was hers, and what was answered to them."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.outbox.write import cancel_telling
from kit.person import Erased, Exported, Kept, Person
from modules.webhooks import store
from modules.webhooks.jobs import AnnounceEvent
from modules.webhooks.types import ENDINGS

KEPT = (
    Kept("webhook_messages", "ids of what was hers and what happened to it, as told to the business's servers",
         "30 days; of somebody who is erased only that she is"),
    Kept("webhook_deliveries", "when such a message was sent", "with its message"),
    Kept("webhook_attempts", "what the business's server answered, 1,024 characters", "with its message"),
)  # fmt: skip


async def erase(unit: Unit, person: Person) -> Erased:
    """Delete what was told of her and what waits to be told, but that it is gone."""
    ids = {person.customer_id, *person.things}
    await cancel_telling(unit, AnnounceEvent, ids, but=ENDINGS)
    return Erased(counts={"webhook_messages": await store.messages.remove_naming(unit, ids, but=ENDINGS)})


async def export(unit: Unit, person: Person) -> Exported:
    """What was told of her things."""
    ids = {person.customer_id, *person.things}
    return Exported(records={"webhook_messages": await store.messages.naming(unit, ids)})
