"""SQL of how a business writes."""

from __future__ import annotations

from msgspec import structs
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.messaging.tables import settings
from modules.messaging.wire import MessageSettings

_SETTINGS = [settings.c[name] for name in MessageSettings.__struct_fields__]


async def find(unit: Unit) -> MessageSettings:
    """The business's own, or those that everybody begins with."""
    row = await unit.one_or_none(select(*_SETTINGS).where(settings.c.business_id == unit.business_id))
    return MessageSettings() if row is None else shaped(row, MessageSettings)


async def put(unit: Unit, chosen: MessageSettings) -> None:
    values = structs.asdict(chosen)
    await unit.execute(
        upsert(settings)
        .values(business_id=unit.business_id, **values)
        .on_conflict_do_update(index_elements=["business_id"], set_=values)
    )
