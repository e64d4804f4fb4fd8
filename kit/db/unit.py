"""The unit of work: one transaction of one business, opened at its first statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import CursorResult, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.away import answering, is_away
from kit.db.ready import Found, Ready
from kit.errors import Broken
from kit.metrics import DB_WAIT_SECONDS


class NotCommitted(Broken):
    """A statement of the transaction had failed, and whoever ran it went on as if it had not."""

    code = "not_committed"


class Unit:
    """Runs SQL in one transaction that sees one business only: `async with db.tenant(…) as unit`.

    It is committed when the block ends and rolled back when it raises. Stores take it as their first argument. The
    transaction's frame goes to the driver as plain words: BEGIN and the business in one round trip, COMMIT in another
    (docs/decisions/0024).
    """

    def __init__(self, engine: AsyncEngine, business_id: str | None) -> None:
        self._engine = engine
        self._business_id = business_id
        self._connection: AsyncConnection | None = None
        self._committed = False
        self._afterwards: list[Callable[[], Awaitable[None]]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        try:
            if kind is None:
                await self.commit()
        finally:
            await self.close()
        if kind is None:
            for tell in self._afterwards:
                await tell()

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
            connection = self._connection or await self._begin()
            result: CursorResult[Any] = await connection.execute(statement, parameters)
        return result

    async def read(self, statement: Ready, **values: object) -> list[Found]:
        """Rows of a statement that was compiled before, in the same transaction. Raises DatabaseAway."""
        with answering():
            connection = self._connection or await self._begin()
            rows: list[Found] = await driver_of(connection).fetch(
                statement.words, *statement.ordered(values), record_class=Found
            )
        return rows

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

        Raises NotCommitted; DatabaseAway, after which nobody knows whether it was committed.
        """
        if self._connection is None:
            return
        if self._connection.invalidated:
            raise NotCommitted("the connection was lost on the way")
        with answering():
            done = await driver_of(self._connection).execute("COMMIT")
        self._committed = True
        if done != "COMMIT":
            raise NotCommitted(f"Postgres answered {done}")

    async def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not (self._committed or connection.invalidated):
                await driver_of(connection).execute("ROLLBACK")
            await connection.close()
        except BaseException as error:
            await connection.invalidate()
            if not is_away(error):  # a dead connection: Postgres has rolled back by itself
                raise

    async def _begin(self) -> AsyncConnection:
        """A connection whose transaction has begun.

        One that died while it lay in the pool shows now, when nothing was done on it yet, and another takes its place.
        """
        for may_be_dead in (True, False):
            with DB_WAIT_SECONDS.labels(self._engine.url.username).time():
                connection = await self._engine.connect()
            try:
                await driver_of(connection).execute(self._opening())
            except BaseException as error:
                await connection.invalidate()
                if not (may_be_dead and is_away(error)):
                    raise
            else:
                self._connection = connection
                return connection
        raise AssertionError("unreachable")

    def _opening(self) -> str:
        if self._business_id is None:
            return "BEGIN"
        quoted = self._business_id.replace("'", "''")
        return f"BEGIN; SET LOCAL vernis.business_id = '{quoted}'"


def driver_of(connection: AsyncConnection) -> Any:
    """asyncpg's own connection. Raises InvalidRequestError when SQLAlchemy has given it up."""
    assert connection.sync_connection is not None
    return connection.sync_connection.connection.driver_connection
