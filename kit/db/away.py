"""Postgres out of reach, told apart from what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def answering() -> Iterator[None]:
    """Raise DatabaseAway for every way in which Postgres can be out of reach; what it answers passes as it is."""
    try:
        yield
    except (OSError, PoolExhausted) as error:  # refused, no socket, timed out
        DB_AWAY.inc()
        raise DatabaseAway(retry_after=_RETRY_AFTER_S) from error
    except DBAPIError as error:
        if error.connection_invalidated or _sqlstate(error).startswith(_AWAY):
            DB_AWAY.inc()
            raise DatabaseAway(retry_after=_RETRY_AFTER_S) from error
        raise


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
