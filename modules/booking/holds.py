"""Times that are held for a while: for who is about to confirm, and for who waited."""

from __future__ import annotations

from kit import clock
from kit.db.unit import Unit
from kit.errors import Busy
from kit.outbox import add
from modules.booking.jobs import OfferFreedTime
from modules.booking.store import appointments, waitlist

MOST_NAMELESS = 24
"""Times at one place that people who have not said who they are may hold together."""
COME_BACK_S = 60


async def lapse(unit: Unit, location_id: str) -> list[str]:
    """Give back every time here that was held too long; its location's row is held. Returns the appointments' ids."""
    ids = await appointments.lapse(unit, location_id, clock.now())
    await waitlist.end_offers(unit, ids)
    return ids


async def freed(unit: Unit, location_id: str) -> None:
    """Let those who wait know that there may be room."""
    if await waitlist.anybody(unit, location_id):
        await add(unit, OfferFreedTime(location_id))


async def refuse_crowd(unit: Unit, location_id: str) -> None:
    """Raises Busy where so many times are held without a name that one more could keep a place's day from others."""
    if await appointments.nameless(unit, location_id, clock.now()) >= MOST_NAMELESS:
        raise Busy(retry_after=COME_BACK_S)
