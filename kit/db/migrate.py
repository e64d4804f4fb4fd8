"""Migrations: alembic's versions in kit/db/migrations, run as vernis_owner under an advisory lock."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK = 0x5645524E4953  # "VERNIS": one migrator at a time


async def migrate(owner_url: str) -> None:
    """Bring the schema to the newest version; a second migrator waits for the first."""
    engine = create_async_engine(owner_url)
    try:
        async with engine.connect() as lock:
            await lock.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            async with engine.connect() as connection:
                await connection.run_sync(_upgrade)
                await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
