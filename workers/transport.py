"""Dramatiq on Redis: carries ids of jobs, nothing else. What it loses, the relay sends again."""

from __future__ import annotations

from collections.abc import Iterable

from dramatiq import Message, Middleware
from dramatiq.brokers.redis import RedisBroker
from redis import Redis

from kit.outbox.queues import QUEUES

HEARTBEAT_MS = 15_000
MAINTENANCE_PER_MILLION = 50_000
"""Dramatiq's default of 1,000 leaves a dead worker's messages lying for minutes on a quiet Redis."""
DEAD_LETTER_MS = 60_000
"""A message that no actor here understands is of no use to anybody: Postgres has the job."""


def make_broker(redis_url: str, middleware: Iterable[Middleware] = ()) -> RedisBroker:
    """A broker that knows our queues."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=Redis.from_url(
            redis_url, socket_timeout=10, socket_connect_timeout=2, health_check_interval=15
        ),
        middleware=[*middleware],
        namespace="vernis",
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
        dead_message_ttl=DEAD_LETTER_MS,
    )
    for queue in QUEUES:
        broker.declare_queue(queue)
    return broker


def message(job_id: str, kind: str, queue: str) -> Message[None]:
    """The message that makes a worker look at a job."""
    return Message(queue_name=queue, actor_name=kind, args=(job_id,), kwargs={}, options={})
