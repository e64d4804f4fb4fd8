"""The unit of work: one transaction of one business, opened at its first statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.away import answering
from kit.metrics import DB_WAIT_SECONDS

_SCOPE = text("SELECT set_config('vernis.business_id', :business_id, true)")


class Unit:
    """Runs SQL in one transaction that sees one business only.

    Stores take it as their first argument; edges commit it.
    """

    def __init__(self, engine: AsyncEngine, business_id: str | None) -> None:
        self._engine = engine
        self._business_id = business_id
        self._connection: AsyncConnection | None = None
        self._afterwards: list[Callable[[], Awaitable[None]]] = []

    @property
    def business_id(self) -> str:
        """The business whose rows are seen; raises LookupError in a system unit."""
        if self._business_id is None:
            raise LookupError("this unit of work belongs to no business")
        return self._business_id

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement, beginning the transaction when it is the first. Raises DatabaseAway."""
        with answering():
            if self._connection is None:
                with DB_WAIT_SECONDS.labels(self._engine.url.username).time():
                    connection = await self._engine.connect()
                self._connection = connection
                await connection.begin()
                if self._business_id is not None:
                    await connection.execute(_SCOPE, {"business_id": self._business_id})
            result: CursorResult[Any] = await self._connection.execute(statement, parameters)
        return result

    async def one_or_none(self, statement: Executable) -> Row[Any] | None:
        """The only row, or None."""
        return (await self.execute(statement)).one_or_none()

    async def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """Every row."""
        return (await self.execute(statement)).all()

    def afterwards(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Call this once the unit is committed, and never when it is not."""
        self._afterwards.append(tell)

    async def commit(self) -> None:
        """Commit what was done; a unit that ran no statement has nothing to commit.

        Raises DatabaseAway, after which nobody knows whether it was committed.
        """
        if self._connection is not None:
            with answering():
                await self._connection.commit()

    async def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close()
            except (DBAPIError, OSError):  # a dead connection: Postgres has rolled back by itself
                await connection.invalidate()

    async def tell(self) -> None:
        """Call what was to be called after the commit."""
        for tell in self._afterwards:
            await tell()
