"""Actors that announce events and deliver them."""

from __future__ import annotations

import random

import dramatiq
import msgspec

from kit.db.unit import Unit
from kit.lanes import Lanes
from kit.metrics import JOBS_ENDED, WEBHOOK_ATTEMPTS, WEBHOOK_SECONDS
from kit.outbox.claim import Job, finish, retry_later
from kit.outbox.run import give_up_or_retry, held, run
from kit.runtime import Runtime, attached
from modules.webhooks import attempt, deliveries, store
from modules.webhooks.jobs import AnnounceEvent, CountLostAttempt, DeliverWebhook, ReplayWebhooks

_lanes = Lanes(total=8, each=2)
_BUSY_S = (1.0, 5.0)
"""How long an attempt waits for a free lane before it is sent to a worker again."""


@dramatiq.actor(actor_name=AnnounceEvent.kind, queue_name=AnnounceEvent.queue)
async def announce_event(job_id: str) -> None:
    """Turn an event into a message and its deliveries."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await deliveries.announce(unit, msgspec.convert(job.payload, AnnounceEvent))

    await run(job_id, work)


@dramatiq.actor(actor_name=DeliverWebhook.kind, queue_name=DeliverWebhook.queue)
async def deliver_webhook(job_id: str) -> None:
    """Make one attempt: read, close, send, write.

    No transaction is open while the receiver answers. A worker that dies in between leaves the attempt to another:
    the receiver gets the message a second time, with the same id.
    """
    async with held(job_id) as job:
        if job is None:
            return
        delivery_id = job.payload["delivery_id"]
        try:
            await _deliver(attached(), job, delivery_id)
        except Exception as error:
            await give_up_or_retry(job, error, last_words=lambda unit: attempt.count_lost(unit, delivery_id))


async def _deliver(here: Runtime, job: Job, delivery_id: str) -> None:
    async with here.db.tenant(job.business_id) as unit:
        outgoing = await store.deliveries.outgoing(unit, delivery_id, job.id)
        if outgoing is None:
            await finish(unit, job)
            JOBS_ENDED.labels(job.kind, "done").inc()
            return
    with _lanes.lane(outgoing.endpoint_id) as free:
        if not free:
            await retry_later(here.db, job, "busy", delay_s=random.uniform(*_BUSY_S), counted=False)
            return
        outcome = await attempt.send(outgoing, here.settings.webhooks)
    async with here.db.tenant(job.business_id) as unit:
        await attempt.settle(unit, outgoing, outcome)
        await finish(unit, job)
    JOBS_ENDED.labels(job.kind, "done").inc()
    WEBHOOK_ATTEMPTS.labels("arrived" if outcome.arrived else "failed").inc()
    WEBHOOK_SECONDS.observe(outcome.attempt.duration_ms / 1000)


@dramatiq.actor(actor_name=CountLostAttempt.kind, queue_name=CountLostAttempt.queue)
async def count_lost_attempt(job_id: str) -> None:
    """Go on with a delivery whose attempt killed every worker that made it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await attempt.count_lost(unit, job.payload["delivery_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=ReplayWebhooks.kind, queue_name=ReplayWebhooks.queue)
async def replay_webhooks(job_id: str) -> None:
    """Send an endpoint again what happened since a time."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await deliveries.replay(unit, msgspec.convert(job.payload, ReplayWebhooks))

    await run(job_id, work)
