"""Connections as the two roles that a running process may be: the tenant's application role and the system role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kit.db.away import answering
from kit.db.glance import Glance
from kit.db.lines import TIMEOUTS, Lines
from kit.db.ready import Found, Ready
from kit.db.served import note
from kit.db.unit import Unit
from kit.errors import Broken
from kit.metrics import DB_CONNECTIONS

LINES = 4
"""A statement holds its line for half a millisecond: one process keeps hardly two of them busy."""


class UnsafeRole(Broken):
    """The role given to a process could read other businesses' rows."""

    code = "unsafe_database_role"


class Database:
    """Two pools of transactions, and a few lines for single statements.

    `tenant` units and glances see one business (row-level security), `system` units see jobs, outbox and heartbeats
    only.
    """

    def __init__(self, url: str, system_url: str, *, pool_size: int = 10) -> None:
        self._app = _engine(url, pool_size)
        self._system = _engine(system_url, pool_size)
        self._lines = Lines(url, LINES)

    def tenant(self, business_id: str) -> Unit:
        """A unit of work that sees one business; commits at the end, rolls back on any error."""
        note(business_id)
        return Unit(self._app, business_id)

    def glance(self, business_id: str) -> Glance:
        """A look at one business, for what is read and done with."""
        note(business_id)
        return Glance(self._lines, business_id)

    def nobody(self) -> Unit:
        """A unit of work that sees no business: credential look-ups only."""
        return Unit(self._app, None)

    def system(self) -> Unit:
        """A unit of work over every business's jobs, outbox rows and heartbeats, and nothing else."""
        return Unit(self._system, None)

    async def look_up(self, statement: Ready, **values: object) -> list[Found]:
        """Rows of one statement that sees no business and needs no transaction: what every request asks."""
        return await self._lines.ask(statement.words, statement.ordered(values))

    async def check(self) -> None:
        """Say whether Postgres answers the application's role; raises DatabaseAway."""
        with answering():
            async with self._app.connect() as connection:
                await connection.execute(text("SELECT 1"))

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
        await self._lines.close()


_UNSAFE = text(
    "SELECT current_user AS role, rolsuper OR rolbypassrls"
    " OR EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = current_user) AS unsafe"
    " FROM pg_roles WHERE rolname = current_user"
)


def _engine(url: str, pool_size: int) -> AsyncEngine:
    """A pool that neither opens nor closes transactions: units do. Who finds it empty waits for a connection."""
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_reset_on_return=None,
        pool_recycle=1800,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,  # errors are logged: what somebody wrote about herself is not
        connect_args=TIMEOUTS,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_unfit)
    in_use = DB_CONNECTIONS.labels(engine.url.username)
    event.listen(engine.sync_engine, "checkout", lambda *_: in_use.inc())
    event.listen(engine.sync_engine, "checkin", lambda *_: in_use.dec())
    return engine


def _refuse_unfit(connection: Any, _record: object, _proxy: object) -> None:
    """Take no connection out of the pool that was closed meanwhile, or that lies in somebody's transaction."""
    driver = connection.driver_connection
    if driver.is_closed() or driver.is_in_transaction():
        raise DisconnectionError
