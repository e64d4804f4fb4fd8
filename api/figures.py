"""`/metrics`: what this process counts, and what is measured when it is asked.

Queues and outbox are read here and not where they are worked on, so that they can be seen while relay or workers are
down. Whatever does not answer in time costs its own figures, never the page.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

from litestar import Response, get

from api.given import GivenRuntime
from api.limits import UNLIMITED
from kit.exposition import CONTENT_TYPE_LATEST, page
from kit.log import get_logger
from kit.metrics import (
    DEPENDENCY_SECONDS,
    DEPENDENCY_UP,
    JOB_AGE,
    OUTBOX_AGE,
    OUTBOX_EVENTS,
    QUEUE_AGE,
    QUEUE_DEPTH,
    RELAY_LAG,
    WORKERS_ALIVE,
)
from kit.outbox.heartbeat import alive
from kit.outbox.queues import QUEUES
from kit.outbox.standing import standing
from kit.runtime import Runtime

log = get_logger(__name__)

PATIENCE_S = 2.0
_kinds: set[str] = set()
"""Kinds of jobs that were seen waiting: one that waits no more is shown with an age of 0."""


@get("/metrics", include_in_schema=False, exclude_from_auth=True, opt=UNLIMITED)
async def metrics(runtime: GivenRuntime) -> Response[bytes]:
    """Prometheus' text format."""
    await asyncio.gather(
        _measured("database", _database(runtime)),
        _measured("redis", runtime.redis.ping()),
        _measured("storage", runtime.storage.check()),
    )
    found = await asyncio.to_thread(page, runtime.settings.metrics)
    return Response(found, media_type=CONTENT_TYPE_LATEST)


async def _measured(dependency: str, asked: Awaitable[object]) -> None:
    started = time.perf_counter()
    try:
        await asyncio.wait_for(asked, PATIENCE_S)
        DEPENDENCY_UP.labels(dependency).set(1)
    except Exception as error:
        DEPENDENCY_UP.labels(dependency).set(0)
        log.warning("dependency_away", dependency=dependency, error=type(error).__name__)
    DEPENDENCY_SECONDS.labels(dependency).set(time.perf_counter() - started)


async def _database(runtime: Runtime) -> None:
    await runtime.db.check()
    async with runtime.db.system() as unit:
        now, heard = await standing(unit), await alive(unit)
    ages = {waiting.kind: waiting.age_s for waiting in now.waiting}
    _kinds.update(ages)
    for kind in _kinds:
        JOB_AGE.labels(kind).set(ages.get(kind, 0))
    for queue in QUEUES:
        QUEUE_DEPTH.labels(queue).set(now.depth(queue))
        QUEUE_AGE.labels(queue).set(now.age_s(queue))
        WORKERS_ALIVE.labels(queue).set(len(heard.get(queue, ())))
    RELAY_LAG.set(now.relay_lag_s)
    OUTBOX_EVENTS.set(now.events)
    OUTBOX_AGE.set(now.events_age_s)
