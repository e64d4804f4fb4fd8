"""`Prefer: wait=N` on work that answers 202: the answer waits until the work has ended, N seconds at most.

It wraps the route's answer, fresh or given again under an Idempotency-Key, after its transaction has ended; so the
waiting holds no connection to the database.
Source: RFC 7240, "Prefer Header for HTTP".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import msgspec
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from api.streams import REREAD_S, State
from kit.errors import AppError
from kit.log import get_logger
from kit.news import hear
from kit.runtime import Runtime
from modules.accounts.caller import Caller

log = get_logger(__name__)

LONGEST_S = 10
WAITERS = 100
"""Answers that one process lets wait at a time: each holds a connection to Redis. Further ones are sent at once."""

Read = Callable[[Runtime, Caller, str], Awaitable[State]]
"""The present state of the resource with this id, for this caller."""

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?=$|[,;])", re.IGNORECASE)


class Subject(msgspec.Struct):
    """What every resource of long work shows: its id."""

    id: str


class Waiting:
    """ASGI middleware of one route."""

    def __init__(self, app: ASGIApp, read: Read) -> None:
        self._app, self._read = app, read
        self._places = asyncio.Semaphore(WAITERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait_s, caller = preferred_wait(scope), scope.get("user")
        if wait_s == 0 or not isinstance(caller, Caller) or self._places.locked():
            await self._app(scope, receive, send)
            return
        runtime: Runtime = scope["litestar_app"].state.runtime
        start: HTTPResponseStartEvent | None = None

        async def send_when_ended(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 202:
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                headers = MutableScopeHeaders.from_message(start)
                headers["Preference-Applied"] = f"wait={wait_s}"
                ended = await self._ended(runtime, caller, message["body"], wait_s)
                if ended is not None:
                    start["status"] = 200
                    message["body"] = ended
                    headers["Content-Length"] = str(len(ended))
                await send(start)
            await send(message)

        async with self._places:
            await self._app(scope, receive, send_when_ended)

    async def _ended(self, runtime: Runtime, caller: Caller, accepted: bytes, wait_s: int) -> bytes | None:
        """The resource once it has ended; None when it has not by then."""
        subject = msgspec.json.decode(accepted, type=Subject).id
        try:
            return await self._heard(runtime, caller, subject, wait_s)
        except Exception as error:  # erased meanwhile, or no database: what was accepted is still true
            foreseen = isinstance(error, AppError)
            log.warning("waiting_ended", error=type(error).__name__, exc_info=None if foreseen else error)
            return None

    async def _heard(self, runtime: Runtime, caller: Caller, subject: str, wait_s: int) -> bytes | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        async with hear(runtime.redis, subject) as ear:
            while True:
                _, ended, state = await self._read(runtime, caller, subject)
                if ended:
                    return msgspec.json.encode(state)
                left = until - loop.time()
                if left <= 0:
                    return None
                await ear.next(min(left, REREAD_S))


def preferred_wait(scope: Scope) -> int:
    """The seconds that a request would wait, 0 to 10. Of several, the first counts (RFC 7240 §2)."""
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"prefer"]
    found = _WAIT.search(",".join(values))
    return min(LONGEST_S, int(found[1])) if found else 0
