"""The relay: sends due jobs to their queues, turns events into jobs, and takes jobs back from dead workers.

Postgres is the truth. The relay wakes by NOTIFY and polls as a net; several relays may run beside each other.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError

from kit.errors import Busy
from kit.going import going
from kit.log import get_logger
from kit.metrics import JOBS_DISPATCHED, JOBS_REAPED, REDIS_ERRORS, RELAY_PASSED, RELAY_STUMBLES
from kit.outbox.dispatch import fan_out, make_all_due, reap, take_due
from kit.runtime import Runtime
from workers.subscriptions import LAST_WORDS, SUBSCRIBERS
from workers.transport import make_broker, message

log = get_logger(__name__)

POLL_S, REAP_S = 1.0, 2.0
RETRY_S, SLOWEST_RETRY_S = 0.25, 4.0
MEMORY = "vernis:memory"


async def relay(runtime: Runtime) -> None:
    """Run until cancelled."""
    broker = make_broker(runtime.settings.redis.url)
    woken = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(_persist("listen", lambda: _listen(runtime, woken)))
        group.create_task(_persist("dispatch", lambda: _dispatch(runtime, broker, woken)))
        group.create_task(_persist("reap", lambda: _reap(runtime, woken)))


async def _persist(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Begin again after any error, a little later each time: Postgres or Redis may be away for a while."""
    delay = RETRY_S
    while going():
        began = time.monotonic()
        try:
            await loop()
        except Exception as error:
            foreseen = isinstance(error, Busy | RedisError)
            RELAY_STUMBLES.labels(name).inc()
            if isinstance(error, RedisError):
                REDIS_ERRORS.labels("relay").inc()
            log.warning(
                "relay_stumbled",
                loop=name,
                error=type(error).__name__,
                exc_info=None if foreseen else error,
            )
        delay = min(2 * delay, SLOWEST_RETRY_S) if time.monotonic() - began < SLOWEST_RETRY_S else RETRY_S
        await asyncio.sleep(delay)


async def _listen(runtime: Runtime, woken: asyncio.Event) -> None:
    async for _ in runtime.db.listen("vernis_relay"):
        woken.set()


async def _dispatch(runtime: Runtime, broker: RedisBroker, woken: asyncio.Event) -> None:
    while going():
        woken.clear()
        await _notice_amnesia(runtime)
        while going() and await dispatch_once(runtime, broker):
            pass
        RELAY_PASSED.set_to_current_time()
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_S):  # wait_for may swallow a cancellation (Python 3.11)
                await woken.wait()


async def dispatch_once(runtime: Runtime, broker: RedisBroker) -> int:
    """Expand waiting events and send one batch of due jobs; returns how many of both there were.

    Jobs are marked as sent in the transaction that sends them: a Redis that is away rolls the marks back.
    """
    async with runtime.db.system() as unit:
        events = await fan_out(unit, SUBSCRIBERS)
    async with runtime.db.system() as unit:
        due = await take_due(unit)
        for job in due:
            await asyncio.to_thread(broker.enqueue, message(job.id, job.kind, job.queue))
            JOBS_DISPATCHED.labels(job.queue).inc()
    return events + len(due)


async def _notice_amnesia(runtime: Runtime) -> None:
    """When Redis has lost its memory, send every waiting job again, and only then let it remember."""
    if not await runtime.redis.exists(MEMORY):
        async with runtime.db.system() as unit:
            lost = await make_all_due(unit)
        await runtime.redis.set(MEMORY, "kept")
        log.info("redis_was_empty", sent_again=lost)


async def _reap(runtime: Runtime, woken: asyncio.Event) -> None:
    while going():
        async with runtime.db.system() as unit:
            taken = await reap(
                unit, max_attempts=runtime.settings.workers.max_attempts, last_words=LAST_WORDS
            )
        for queue, count in Counter(taken).items():
            JOBS_REAPED.labels(queue).inc(count)
            log.warning("jobs_reaped", queue=queue, count=count)
        if taken:
            woken.set()
        await asyncio.sleep(REAP_S)
