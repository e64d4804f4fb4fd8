"""What happens by the clock. One scheduler of all that run holds the lock and works; the others stand by."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from kit import idempotency
from kit.audit import verify
from kit.errors import Busy
from kit.going import going
from kit.log import get_logger
from kit.metrics import AUDIT_CHAINS, CHORE_DONE
from kit.metrics import CHORES as CHORES_COUNTED
from kit.outbox.dispatch import forget_ended
from kit.outbox.heartbeat import forget_silent
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.messaging.service import forget_old
from modules.records.service import forget_old_requests
from modules.webhooks.service import forget_old_messages
from workers.sweeper import sweep

log = get_logger(__name__)

Chore = Callable[[Runtime], Awaitable[object]]
_LOCK = text("SELECT pg_try_advisory_xact_lock(86200001)")
STAND_BY_S = 5.0


async def forget_old_jobs(runtime: Runtime) -> int:
    """Jobs that ended a week ago are of no use to anybody."""
    async with runtime.db.system() as unit:
        return await forget_ended(unit, older_than=timedelta(days=7))


async def forget_old_keys(runtime: Runtime) -> int:
    """Idempotency keys and their stored answers, when their time is over."""
    async with runtime.db.system() as unit:
        return await idempotency.sweep(unit)


async def forget_dead_workers(runtime: Runtime) -> int:
    """Workers that were killed never took their heartbeats back."""
    async with runtime.db.system() as unit:
        return await forget_silent(unit, older_than=timedelta(hours=1))


async def forget_ended_credentials(runtime: Runtime) -> int:
    """Tokens, tickets, letters and sessions that ended a week ago."""
    return await accounts.forget_ended(runtime.db, older_than=timedelta(days=7))


async def forget_old_logs(runtime: Runtime) -> int:
    """Requests, webhook messages and messages to people have their time."""
    return (
        await forget_old_requests(runtime.db)
        + await forget_old_messages(runtime.db)
        + await forget_old(runtime.db, runtime.settings.retention.message_days)
    )


async def check_audit_chains(runtime: Runtime) -> int:
    """Recompute every business's audit chain; returns how many do not hold."""
    broken = 0
    for business in await accounts.every_business(runtime.db):
        async with runtime.db.tenant(business.id) as unit:
            verdict = await verify(unit)
        AUDIT_CHAINS.labels("whole" if verdict.broken is None else "broken").inc()
        if verdict.broken is not None:
            broken += 1
            log.error("audit_chain_broken", business_id=business.id, entry=verdict.broken, why=verdict.why)
    return broken


CHORES: tuple[tuple[timedelta, Chore], ...] = (
    (timedelta(minutes=30), sweep),
    (timedelta(hours=1), forget_old_jobs),
    (timedelta(hours=1), forget_old_keys),
    (timedelta(hours=1), forget_dead_workers),
    (timedelta(hours=1), forget_ended_credentials),
    (timedelta(hours=1), forget_old_logs),
    (timedelta(days=1), check_audit_chains),
)


async def scheduler(runtime: Runtime) -> None:
    """Run until cancelled."""
    while going():
        try:
            async with runtime.db.system() as unit:
                if (await unit.execute(_LOCK)).scalar_one():
                    await _work(runtime)
        except Exception as error:
            log.warning("scheduler_stumbled", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(STAND_BY_S)


async def _work(runtime: Runtime) -> None:
    async with asyncio.TaskGroup() as group:
        for every, chore in CHORES:
            group.create_task(_repeat(runtime, every, chore))


async def _repeat(runtime: Runtime, every: timedelta, chore: Chore) -> None:
    """A chore that fails is tried again at its next time, and does not hold the others up."""
    while going():
        name = chore.__name__
        try:
            result = await chore(runtime)
        except Busy:  # with the database goes the lock: whoever gets it works
            CHORES_COUNTED.labels(name, "failed").inc()
            raise
        except Exception as error:
            CHORES_COUNTED.labels(name, "failed").inc()
            log.warning("chore_failed", chore=name, error=type(error).__name__, exc_info=error)
        else:
            CHORES_COUNTED.labels(name, "done").inc()
            CHORE_DONE.labels(name).set_to_current_time()
            log.info("chore_done", chore=name, result=result)
        await asyncio.sleep(every.total_seconds())
