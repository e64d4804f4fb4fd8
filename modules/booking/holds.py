"""Times that are held for a while: for who is about to confirm, and for who waited."""

from __future__ import annotations

from kit import clock
from kit.db.unit import Unit
from kit.outbox import add
from modules.booking.jobs import OfferFreedTime
from modules.booking.store import appointments, waitlist


async def lapse(unit: Unit, location_id: str) -> list[str]:
    """Give back every time here that was held too long; its location's row is held. Returns the appointments' ids."""
    ids = await appointments.lapse(unit, location_id, clock.now())
    await waitlist.end_offers(unit, ids)
    return ids


async def freed(unit: Unit, location_id: str) -> None:
    """Let those who wait know that there may be room."""
    if await waitlist.anybody(unit, location_id):
        await add(unit, OfferFreedTime(location_id))
