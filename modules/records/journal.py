"""Writes requests down in batches, off their path: answers wait for nothing, and a database that is away costs rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from kit import clock
from kit.db.engine import Database
from kit.ids import new_id
from kit.log import get_logger
from kit.metrics import REQUEST_ROWS_LOST
from modules.records import store
from modules.records.wire import LoggedRequest

log = get_logger(__name__)


class RequestJournal:
    """A bounded buffer that is written every second, or sooner when a batch is full."""

    def __init__(self, *, every_s: float = 1.0, batch: int = 100, bound: int = 5000) -> None:
        self._every_s, self._batch, self._bound = every_s, batch, bound
        self._rows: list[tuple[str, LoggedRequest]] = []
        self._full = asyncio.Event()

    def note(
        self,
        business_id: str,
        caller_kind: str,
        method: str,
        route: str,
        status: int,
        duration_ms: float,
        request_id: str,
    ) -> None:
        """Remember a request; dropped and counted when the buffer is full."""
        if len(self._rows) >= self._bound:
            REQUEST_ROWS_LOST.inc()
            return
        row = LoggedRequest(
            new_id("rql"), clock.now(), method, route, status, duration_ms, request_id, caller_kind
        )
        self._rows.append((business_id, row))
        if len(self._rows) >= self._batch:
            self._full.set()

    @asynccontextmanager
    async def kept(self, db: Database) -> AsyncIterator[None]:
        """Write while the block runs, and what is left at its end."""
        writing = asyncio.create_task(self._keep_writing(db))
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.write(db)

    async def write(self, db: Database) -> None:
        """Write what is there now. A batch that cannot be written is lost: these are no facts to keep a request for."""
        self._full.clear()
        rows, self._rows = self._rows, []
        if not rows:
            return
        try:
            async with db.system() as unit:
                await store.insert_requests(unit, rows)
        except Exception as error:
            REQUEST_ROWS_LOST.inc(len(rows))
            log.warning("request_log_lost", rows=len(rows), error=type(error).__name__)

    async def _keep_writing(self, db: Database) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(
                    self._every_s
                ):  # wait_for may swallow a cancellation (Python 3.11)
                    await self._full.wait()
            await self.write(db)
