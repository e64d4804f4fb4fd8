"""Server-sent events: a snapshot first, then an event for every new version, with heartbeats between.

The row's version is the event's id. News over Redis may be lost, so the state is read again every few seconds.
Source: WHATWG HTML, "Server-sent events".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage
from msgspec import Struct

from kit.errors import Busy, NotFound
from kit.metrics import STREAMS
from kit.news import Ear, News, hear
from kit.runtime import Runtime

REREAD_S = 5.0
"""How long a lost piece of news can go unnoticed; also the pace of heartbeats."""

EVENTS = """Server-sent events. `state` carries the resource as JSON, with its version as the event's id: first as it
is, then at each version until it ends. `progress` says which step a worker is at, and may be lost. Lines that begin
with a colon keep the connection open. `restarting` says that the service does: come back after `retry`, as an
EventSource does by itself. The stream ends when the resource has; whoever was cut off asks again."""
"""What the OpenAPI document says of a stream."""


def streams(kind: type[Struct]) -> dict[str, type[Struct]]:
    """`opt` of a handler whose events show this resource."""
    return {"streams": kind}


COME_BACK_MS = 500
"""When a client comes back to a service that restarts."""

State = tuple[int, bool, Struct]
"""(version, whether nothing more will happen, what to show)"""


def follow(runtime: Runtime, subject: str, read: Callable[[], Awaitable[State]]) -> ServerSentEvent:
    """Stream a resource's state until it ends or is gone. `read` returns the present state each time it is called.

    A process that is to end says `restarting` and closes: the client comes back and finds another.
    """
    return ServerSentEvent(_events(runtime, subject, read))


async def _events(
    runtime: Runtime, subject: str, read: Callable[[], Awaitable[State]]
) -> AsyncIterator[ServerSentEventMessage]:
    async with hear(runtime.redis, subject) as ear:
        shown = 0
        with STREAMS.track_inprogress():
            while True:
                try:
                    version, ended, state = await read()
                except NotFound:  # erased meanwhile
                    return
                except Busy:  # the database is away: what was shown stays true until it is back
                    version, ended = shown, False
                if version > shown:
                    yield _message("state", version, state)
                    shown = version
                if ended:
                    return
                news = await _news(ear, runtime.leaving)
                if runtime.leaving.is_set():
                    yield ServerSentEventMessage(event="restarting", data="{}", retry=COME_BACK_MS)
                    return
                if news is None:
                    yield ServerSentEventMessage(comment="still here", data=None)  # a comment is no event
                elif news.step is not None:
                    yield _message("progress", shown, News(news.status, news.version, news.step))


async def _news(ear: Ear, leaving: asyncio.Event) -> News | None:
    """The next news; None when there is none for a while, or this process is to end."""
    told, end = asyncio.create_task(ear.next(REREAD_S)), asyncio.create_task(leaving.wait())
    try:
        await asyncio.wait((told, end), return_when=asyncio.FIRST_COMPLETED)
        return told.result() if told.done() else None
    finally:
        for task in (told, end):
            task.cancel()
        await asyncio.gather(told, end, return_exceptions=True)


def _message(event: str, version: int, data: Struct) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=event, id=str(version), data=msgspec.json.encode(data).decode())
