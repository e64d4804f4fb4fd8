"""One at a time: whoever counts before writing must be the only one to do so."""

from __future__ import annotations

from sqlalchemy import func, select

from kit.db.unit import Unit


async def take_turn(unit: Unit, what: str, whose: str) -> None:
    """Wait until nobody else has the turn at this, and have it until the unit ends.

    what: a word for what is counted; whose: the id of whom it belongs to. Two that share a hash wait for each other.
    """
    key = func.hashtextextended(f"{what} {whose}", 0)
    await unit.execute(select(func.pg_advisory_xact_lock(key)))
