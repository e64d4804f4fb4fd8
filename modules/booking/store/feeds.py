"""SQL of the versions of links to calendars."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, select, update

from kit.db.unit import Unit
from modules.booking.feeds import FeedOf
from modules.booking.tables import locations, stylists

_TABLES: Mapping[FeedOf, Table] = {FeedOf.STAFF: stylists, FeedOf.LOCATION: locations}


async def version(unit: Unit, of: FeedOf, subject_id: str) -> int:
    """Which links to the calendar of somebody or some place are good."""
    table = _TABLES[of]
    found: int = (
        await unit.execute(select(table.c.feed_version).where(table.c.id == subject_id))
    ).scalar_one()
    return found


async def renew(unit: Unit, of: FeedOf, subject_id: str) -> int:
    """Take those links back; returns the version of the next."""
    table = _TABLES[of]
    raised = update(table).where(table.c.id == subject_id).values(feed_version=table.c.feed_version + 1)
    found: int = (await unit.execute(raised.returning(table.c.feed_version))).scalar_one()
    return found
