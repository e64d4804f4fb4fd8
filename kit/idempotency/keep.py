"""How long keys and stored answers stay."""

from __future__ import annotations

from sqlalchemy import delete, func, or_

from kit.db.unit import Unit
from kit.idempotency.tables import idempotency_keys as keys


async def sweep(unit: Unit) -> int:
    """Delete keys whose time is over, of every business (a system unit); returns how many."""
    return (await unit.execute(delete(keys).where(keys.c.expires_at < func.now()))).rowcount


async def forget(unit: Unit, subject: str) -> int:
    """Delete the keys of a caller, and every answer that names this id (an erased customer's, say)."""
    names_it = func.pg_catalog.position(keys.c.body, subject.encode()) > 0
    return (await unit.execute(delete(keys).where(or_(keys.c.caller == subject, names_it)))).rowcount
