"""The three roles of the database; created once by a superuser."""

from __future__ import annotations

import re

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

OWNER, APP, SYSTEM = "vernis_owner", "vernis_app", "vernis_system"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(86200000)")
_SAFE = re.compile(r"[A-Za-z0-9_.~-]*")


async def create_roles(admin_url: str, passwords: dict[str, str | None]) -> None:
    """Create or update the roles named in `passwords`.

    They may log in and nothing more, except that the owner may create tables.
    """
    engine = create_async_engine(admin_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(_ONE_AT_A_TIME)
            for role, password in passwords.items():
                await _create(connection, role, password)
            database = make_url(admin_url).database
            await connection.execute(text(f'ALTER DATABASE "{database}" OWNER TO {OWNER}'))
            await connection.execute(text(f"ALTER SCHEMA public OWNER TO {OWNER}"))
            await connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    finally:
        await engine.dispose()


async def _create(connection: AsyncConnection, role: str, password: str | None) -> None:
    exists = await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    rights = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    if password is not None:
        if not _SAFE.fullmatch(password):
            raise ValueError("a database password may hold letters, digits and _ . ~ - only")
        rights += f" PASSWORD '{password}'"
    await connection.execute(text(f"{'ALTER' if exists else 'CREATE'} ROLE {role} {rights}"))
