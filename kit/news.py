"""News: progress for whoever listens, over Redis pub/sub. Lossy by design; Postgres has the state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from msgspec import Struct
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from kit.errors import Busy
from kit.going import going
from kit.log import get_logger
from kit.metrics import REDIS_ERRORS

log = get_logger(__name__)

_FORGET = "vernis:forget"


class NewsAway(Busy):
    """Redis is away, and somebody must hear of something."""

    code = "news_away"


class News(Struct, frozen=True):
    """Something changed: the row's status, its version, and the step that a worker is at."""

    status: str
    version: int
    step: str | None = None


async def tell(redis: Redis, subject: str, news: News) -> None:
    """Publish news about an id; a Redis that is away costs the news and nothing else."""
    await _publish(redis, _channel(subject), msgspec.json.encode(news))


async def tell_to_forget(redis: Redis, subject: str) -> None:
    """Have every process drop what it holds in memory of an id; raises NewsAway when it was not told.

    A process that hears nothing at that moment drops everything as soon as it hears again.
    """
    try:
        await redis.publish(_FORGET, subject.encode())
    except RedisError as error:
        raise NewsAway from error


async def listen_for_forgetting(redis: Redis, forget: Callable[[str | None], None]) -> None:
    """Call `forget` with every id that is to be dropped, until cancelled.

    What was said while nobody listened is unknown: each beginning calls it with None, which means everything.
    """
    while going():
        try:
            async with redis.pubsub() as channel:
                await channel.subscribe(_FORGET)
                forget(None)
                while going():
                    message = await channel.get_message(ignore_subscribe_messages=True, timeout=5)
                    if message is not None:
                        forget(message["data"].decode())
        except RedisError as error:
            REDIS_ERRORS.labels("forget").inc()
            log.warning("deaf", error=type(error).__name__)
            await asyncio.sleep(2)


class Ear:
    """Listens to one subject; deaf while Redis is away."""

    def __init__(self, channel: PubSub | None) -> None:
        self._channel = channel

    async def next(self, timeout_s: float) -> News | None:
        """The next news, or None after the timeout."""
        if self._channel is None:
            await asyncio.sleep(timeout_s)
            return None
        try:
            message = await self._channel.get_message(ignore_subscribe_messages=True, timeout=timeout_s)
        except RedisError:
            REDIS_ERRORS.labels("news").inc()
            self._channel = None
            return None
        return None if message is None else msgspec.json.decode(message["data"], type=News)


@asynccontextmanager
async def hear(redis: Redis, subject: str) -> AsyncIterator[Ear]:
    """Listen for news about an id."""
    async with redis.pubsub() as channel:
        try:
            await channel.subscribe(_channel(subject))
        except RedisError:
            yield Ear(None)
        else:
            yield Ear(channel)


async def _publish(redis: Redis, channel: str, data: bytes) -> None:
    try:
        await redis.publish(channel, data)
    except RedisError as error:
        REDIS_ERRORS.labels("news").inc()
        log.warning("news_lost", error=type(error).__name__)


def _channel(subject: str) -> str:
    return f"vernis:news:{subject}"
