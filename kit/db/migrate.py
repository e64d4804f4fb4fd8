"""Migrations: alembic's versions in kit/db/migrations, run as vernis_owner under an advisory lock."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kit.log import get_logger

log = get_logger(__name__)

LOCK_TIMEOUT_MS = 3000
"""A statement that waits longer for its lock gives up: whoever queues behind it would wait as long."""
TRIES, PAUSE_S = 10, 5.0
_LOCK = 0x5645524E4953  # "VERNIS": one migrator at a time
_LOCK_NOT_AVAILABLE = "55P03"


async def migrate(
    owner_url: str, to: str = "head", *, lock_ms: int = LOCK_TIMEOUT_MS, pause_s: float = PAUSE_S
) -> None:
    """Bring the schema to a version, the newest unless told otherwise; a second migrator waits for the first.

    Each migration is one transaction. One that does not get a lock in time is rolled back and tried again.
    """
    engine = create_async_engine(owner_url)
    try:
        async with engine.connect() as lock:
            await lock.execution_options(isolation_level="AUTOCOMMIT")
            await lock.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            for left in reversed(range(TRIES)):
                try:
                    await _upgrade(engine, to, lock_ms)
                    return
                except DBAPIError as error:
                    if left == 0 or getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                        raise
                    log.warning("migration_waits_for_a_lock", tries_left=left)
                    await asyncio.sleep(pause_s)
    finally:
        await engine.dispose()


def config() -> Config:
    """Alembic's view of our migrations."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return found


async def _upgrade(engine: AsyncEngine, to: str, lock_ms: int) -> None:
    async with engine.connect() as connection:
        await connection.execute(text(f"SET lock_timeout = {lock_ms}"))
        await connection.commit()
        await connection.run_sync(_run, to)
        await connection.commit()


def _run(connection: Connection, to: str) -> None:
    found = config()
    found.attributes["connection"] = connection
    command.upgrade(found, to)
