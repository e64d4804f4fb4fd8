"""A few connections for single statements, each of which is a transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from kit.db.away import answering, is_away
from kit.db.ready import Found
from kit.metrics import DB_CONNECTIONS, DB_WAIT_SECONDS

TIMEOUTS = {"timeout": 5, "command_timeout": 30}
"""Seconds that a connection may take to be made, and a statement to be answered."""


class Lines:
    """Connections of one role, given out for one statement at a time; opened as they are needed, then kept."""

    def __init__(self, url: str, most: int) -> None:
        parts = make_url(url)
        _, self._address = dialect().create_connect_args(parts)  # type: ignore[no-untyped-call]
        self._idle: list[Any] = []
        self._room = asyncio.Semaphore(most)
        self._in_use = DB_CONNECTIONS.labels(parts.username)
        self._waited = DB_WAIT_SECONDS.labels(parts.username)

    async def ask(self, words: str, values: Sequence[object]) -> list[Found]:
        """The rows that a statement reads. Raises DatabaseAway.

        A line that died while it lay idle shows now, and a new one takes its place: nothing was done that could be
        done twice.
        """
        came = perf_counter()
        with answering():
            async with self._room:
                line = self._rested() or await self._opened()
                self._waited.observe(perf_counter() - came)
                try:
                    return await self._asked(line, words, values)
                except Exception as error:
                    if not is_away(error) or isinstance(error, TimeoutError):
                        raise
                return await self._asked(await self._opened(), words, values)

    async def close(self) -> None:
        """Hang up."""
        while self._idle:
            await self._idle.pop().close()

    async def _asked(self, line: Any, words: str, values: Sequence[object]) -> list[Found]:
        self._in_use.inc()
        try:
            rows: list[Found] = await line.fetch(words, *values, record_class=Found)
        except BaseException as error:
            if isinstance(error, asyncpg.PostgresError) and not is_away(error):
                self._idle.append(line)  # it was answered, if with a refusal
            else:
                line.terminate()
            raise
        finally:
            self._in_use.dec()
        self._idle.append(line)
        return rows

    def _rested(self) -> Any | None:
        """The line that was used last, of those that are still open."""
        while self._idle:
            line = self._idle.pop()
            if not line.is_closed():
                return line
        return None

    async def _opened(self) -> Any:
        line = await asyncpg.connect(**{**self._address, **TIMEOUTS})
        await line.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            format="binary",
            encoder=lambda value: b"\1" + msgspec.json.encode(value),
            decoder=lambda data: msgspec.json.decode(data[1:]),
        )
        return line
