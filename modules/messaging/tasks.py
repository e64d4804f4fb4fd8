"""Actors that send messages."""

from __future__ import annotations

import random

import dramatiq

from kit.db.unit import Unit
from kit.lanes import Lanes
from kit.metrics import JOBS_ENDED, MESSAGE_ATTEMPTS, MESSAGE_SECONDS
from kit.outbox.claim import Job, finish, retry_later
from kit.outbox.run import give_up_or_retry, held, run
from kit.runtime import Runtime, attached
from modules.messaging import attempt, staff
from modules.messaging.jobs import CountLostMessage, SendMessage, WriteInvitation, WritePasswordReset
from modules.messaging.kinds import Kind
from modules.messaging.port import Letter
from modules.messaging.smtp import SmtpMailer

_lanes = Lanes(total=8, each=4)
"""By business: one salon's thousand reminders leave room for another's confirmation."""
_BUSY_S = (1.0, 5.0)
"""How long an attempt waits for a free lane before it is sent to a worker again."""


@dramatiq.actor(actor_name=SendMessage.kind, queue_name=SendMessage.queue)
async def send_message(job_id: str) -> None:
    """Make one attempt: read and mark, close, send, write.

    No transaction is open while the mail server answers. A worker that dies in between leaves the mark behind, by
    which the next one sees that the letter may have left; it is sent again once, under the same Message-ID.
    """
    async with held(job_id) as job:
        if job is None:
            return
        message_id = job.payload["message_id"]
        try:
            await _send(attached(), job, message_id)
        except Exception as error:
            await give_up_or_retry(job, error, last_words=lambda unit: attempt.count_lost(unit, message_id))


async def _send(here: Runtime, job: Job, message_id: str) -> None:
    with _lanes.lane(job.business_id) as free:
        if not free:
            await retry_later(here.db, job, "busy", delay_s=random.uniform(*_BUSY_S), counted=False)
            return
        async with here.db.tenant(job.business_id) as unit:
            letter = await attempt.begin(unit, message_id, job.id, here.settings)
            if letter is None:
                await finish(unit, job)
        if letter is not None:
            await _post(here, job, letter)
    JOBS_ENDED.labels(job.kind, "done").inc()


async def _post(here: Runtime, job: Job, letter: Letter) -> None:
    sent = await attempt.post(letter, SmtpMailer(here.settings.mail))
    async with here.db.tenant(job.business_id) as unit:
        await attempt.settle(unit, sent, here.settings)
        await finish(unit, job)
    MESSAGE_ATTEMPTS.labels(sent.outcome.verdict).inc()
    MESSAGE_SECONDS.observe(sent.attempt.duration_ms / 1000)


@dramatiq.actor(actor_name=CountLostMessage.kind, queue_name=CountLostMessage.queue)
async def count_lost_message(job_id: str) -> None:
    """Go on with a message whose attempt killed every worker that made it."""

    async def work(_runtime: Runtime, unit: Unit, job: Job) -> None:
        await attempt.count_lost(unit, job.payload["message_id"])

    await run(job_id, work)


@dramatiq.actor(actor_name=WriteInvitation.kind, queue_name=WriteInvitation.queue)
async def write_invitation(job_id: str) -> None:
    """Send somebody her invitation to the staff."""

    async def work(here: Runtime, unit: Unit, job: Job) -> None:
        await staff.write(unit, Kind.STAFF_INVITATION, job.payload["letter_id"], here.settings)

    await run(job_id, work)


@dramatiq.actor(actor_name=WritePasswordReset.kind, queue_name=WritePasswordReset.queue)
async def write_password_reset(job_id: str) -> None:
    """Send a member of staff a link to a new password."""

    async def work(here: Runtime, unit: Unit, job: Job) -> None:
        await staff.write(unit, Kind.PASSWORD_RESET, job.payload["letter_id"], here.settings)

    await run(job_id, work)
