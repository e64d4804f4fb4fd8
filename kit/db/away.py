"""Postgres out of reach, told apart from what it answers."""

from __future__ import annotations

from types import TracebackType

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from kit.errors import Busy
from kit.metrics import DB_AWAY

_AWAY = ("08", "57P01", "57P02", "57P03", "53300")
"""SQLSTATEs: connection lost, shut down, crashed, starting up, too many connections."""
_RETRY_AFTER_S = 2


class DatabaseAway(Busy):
    """Postgres does not answer."""

    code, public = "database_away", "We are back in a moment."


class answering:  # noqa: N801 - read as a word: `with answering():`
    """Raise DatabaseAway for every way in which Postgres can be out of reach, and DBAPIError for what it answers.

    A class, as a generator would cost each statement as much again as its words.
    """

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        if is_away(error):
            DB_AWAY.inc()
            raise DatabaseAway(retry_after=_RETRY_AFTER_S) from error
        if isinstance(error, asyncpg.PostgresError):
            raise DBAPIError(None, None, error) from error


def is_away(error: BaseException) -> bool:
    """Whether an error of SQLAlchemy or of the driver means that Postgres, or this connection to it, is gone."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _sqlstate(error.orig).startswith(_AWAY)
    if isinstance(error, asyncpg.PostgresError):
        return _sqlstate(error).startswith(_AWAY)
    if isinstance(error, asyncpg.InterfaceError):  # a closed connection, or values that do not fit
        return not isinstance(error, ValueError)
    if isinstance(error, asyncpg.InternalClientError):  # its last word was of its end, and it is still open
        return True
    return isinstance(error, OSError | PoolExhausted)  # refused, no socket, timed out; no connection free


def _sqlstate(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""
