"""Server-sent events: a snapshot first, then an event for every new version, with heartbeats between.

The row's version is the event's id. News over Redis may be lost, so the state is read again every few seconds.
Source: WHATWG HTML, "Server-sent events".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage
from msgspec import Struct
from redis.asyncio import Redis

from kit.errors import Busy, NotFound
from kit.news import News, hear

REREAD_S = 5.0
"""How long a lost piece of news can go unnoticed; also the pace of heartbeats."""

EVENTS = """Server-sent events. `state` carries the resource as JSON, with its version as the event's id: first as it
is, then at each version until it ends. `progress` says which step a worker is at, and may be lost. Lines that begin
with a colon keep the connection open. The stream ends when the resource has; whoever was cut off asks again."""
"""What the OpenAPI document says of a stream."""


def streams(kind: type[Struct]) -> dict[str, type[Struct]]:
    """`opt` of a handler whose events show this resource."""
    return {"streams": kind}


State = tuple[int, bool, Struct]
"""(version, whether nothing more will happen, what to show)"""


def follow(redis: Redis, subject: str, read: Callable[[], Awaitable[State]]) -> ServerSentEvent:
    """Stream a resource's state until it ends or is gone. `read` returns the present state each time it is called."""
    return ServerSentEvent(_events(redis, subject, read))


async def _events(
    redis: Redis, subject: str, read: Callable[[], Awaitable[State]]
) -> AsyncIterator[ServerSentEventMessage]:
    async with hear(redis, subject) as ear:
        shown = 0
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
            news = await ear.next(REREAD_S)
            if news is None:
                yield ServerSentEventMessage(comment="still here", data=None)  # a comment is no event
            elif news.step is not None:
                yield _message("progress", shown, News(news.status, news.version, news.step))


def _message(event: str, version: int, data: Struct) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=event, id=str(version), data=msgspec.json.encode(data).decode())
