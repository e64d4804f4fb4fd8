"""Connections as the two roles that a running process may be: the tenant's application role and the system role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kit.db.away import answering
from kit.db.unit import Unit
from kit.errors import Broken


class UnsafeRole(Broken):
    """The role given to a process could read other businesses' rows."""

    code = "unsafe_database_role"


class Database:
    """Two pools.

    `tenant` units see one business (row-level security), `system` units see jobs, outbox and
    heartbeats only.
    """

    def __init__(self, url: str, system_url: str, *, pool_size: int = 10) -> None:
        self._app = _engine(url, pool_size)
        self._system = _engine(system_url, pool_size)

    @asynccontextmanager
    async def tenant(self, business_id: str) -> AsyncIterator[Unit]:
        """A unit of work that sees one business; commits at the end, rolls back on any error."""
        async with _transaction(Unit(self._app, business_id)) as unit:
            yield unit

    @asynccontextmanager
    async def nobody(self) -> AsyncIterator[Unit]:
        """A unit of work that sees no business: credential look-ups only."""
        async with _transaction(Unit(self._app, None)) as unit:
            yield unit

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Unit]:
        """A unit of work over every business's jobs, outbox rows and heartbeats, and nothing else."""
        async with _transaction(Unit(self._system, None)) as unit:
            yield unit

    async def listen(self, channel: str) -> AsyncIterator[None]:
        """Yield once for every NOTIFY on a channel, from a connection of the system role kept for it.

        Ends when Postgres closes the connection; raises DatabaseAway when there is none to be had.
        """
        woken = asyncio.Event()
        with answering():
            async with self._system.connect() as connection:
                raw = await connection.get_raw_connection()
                driver = raw.driver_connection
                assert driver is not None
                await driver.add_listener(channel, lambda *_: woken.set())
                driver.add_termination_listener(lambda *_: woken.set())
                while not driver.is_closed():
                    yield
                    await woken.wait()
                    woken.clear()
                await connection.invalidate()

    async def refuse_unsafe_roles(self) -> None:
        """Raise UnsafeRole when a role is a superuser, bypasses row security or owns a table; or DatabaseAway."""
        for engine in (self._app, self._system):
            with answering():
                async with engine.connect() as connection:
                    row = (await connection.execute(_UNSAFE)).one()
            if row.unsafe:
                raise UnsafeRole(f"the role {row.role} could bypass row-level security")

    async def close(self) -> None:
        """Close both pools."""
        await self._app.dispose()
        await self._system.dispose()


_UNSAFE = text(
    "SELECT current_user AS role, rolsuper OR rolbypassrls"
    " OR EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = current_user) AS unsafe"
    " FROM pg_roles WHERE rolname = current_user"
)


def _engine(url: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # errors are logged: what somebody wrote about herself is not
        connect_args={"timeout": 5, "command_timeout": 30},
    )


@asynccontextmanager
async def _transaction(unit: Unit) -> AsyncIterator[Unit]:
    try:
        yield unit
        await unit.commit()
    finally:
        await unit.close()
    await unit.tell()
