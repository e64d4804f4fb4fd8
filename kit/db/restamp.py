"""After a restore: rows that say which transaction wrote them, in the numbers of another cluster."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

_STAMPED = text(
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND column_name = 'changed' AND udt_name = 'xid8'"
)


async def restamp(admin_url: str) -> int:
    """Let rows of a transaction that is yet to come here be written by one of now; returns how many there were.

    A younger cluster counts up to their numbers only in years, and until then each search would take them for news
    (docs/decisions/0019-search.md).
    """
    engine = create_async_engine(admin_url)
    stamped = 0
    try:
        async with engine.begin() as connection:
            for (table,) in (await connection.execute(_STAMPED)).all():
                now = "changed = pg_current_xact_id() WHERE changed > pg_current_xact_id()"
                stamped += (await connection.execute(text(f"UPDATE {table} SET {now}"))).rowcount
    finally:
        await engine.dispose()
    return stamped
