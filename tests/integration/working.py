"""A relay and a worker in the test's own process: they do at once what one business has to do."""

from __future__ import annotations

import inspect
from typing import Any

import dramatiq
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import Text, cast, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from kit.outbox.dispatch import fan_out
from kit.outbox.tables import jobs
from kit.runtime import Runtime
from workers.subscriptions import SUBSCRIBERS

dramatiq.set_broker(StubBroker())

from modules.analysis import tasks as analysis  # noqa: E402  (actors register with the broker that is set)
from modules.booking import tasks as booking  # noqa: E402
from modules.messaging import tasks as messaging  # noqa: E402
from modules.outcomes import tasks as outcomes  # noqa: E402
from modules.photos import tasks as photos  # noqa: E402
from modules.privacy import tasks as privacy  # noqa: E402
from modules.share import tasks as share  # noqa: E402
from modules.tryon import tasks as tryon  # noqa: E402
from modules.webhooks import tasks as webhooks  # noqa: E402

ACTORS: dict[str, Any] = {
    actor.actor_name: inspect.unwrap(actor.fn)
    for module in (analysis, booking, messaging, outcomes, photos, privacy, share, tryon, webhooks)
    for actor in vars(module).values()
    if isinstance(actor, dramatiq.Actor)
}


class Worker:
    """Works for one business."""

    def __init__(self, runtime: Runtime, business_id: str) -> None:
        self._runtime, self._business_id = runtime, business_id

    async def tell(self) -> None:
        """Turn events into jobs, as the relay does."""
        async with self._runtime.db.system() as unit:
            await fan_out(unit, SUBSCRIBERS, limit=10_000)

    async def work(self, *, only: str = "", rounds: int = 20) -> None:
        """Do what is due, and what follows from it, until nothing is. only: of this kind."""
        for _ in range(rounds):
            await self.tell()
            due = [(job_id, kind) for job_id, kind in await self._due() if kind.startswith(only)]
            if not due:
                return
            for job_id, kind in due:
                await ACTORS[kind](job_id)
        raise AssertionError("there is no end of it")

    async def let_time_pass(self, kind: str) -> None:
        """Let the time come for the jobs of a kind."""
        async with self._runtime.db.tenant(self._business_id) as unit:
            waiting = update(jobs).where(jobs.c.state == "queued", jobs.c.kind == kind)
            await unit.execute(waiting.values(run_at=jobs.c.created_at))

    async def expire(self, table: str, row_id: str) -> None:
        """Let the time of a row be over, and do what follows."""
        over = text(f"UPDATE {table} SET expires_at = now() WHERE id = :id")
        async with self._runtime.db.tenant(self._business_id) as unit:
            assert (await unit.execute(over, {"id": row_id})).rowcount == 1
            waiting = update(jobs).where(jobs.c.state == "queued", jobs.c.kind.like("%.expire%"))
            names_it = cast(jobs.c.payload, Text).contains(row_id)
            await unit.execute(waiting.where(names_it).values(run_at=jobs.c.created_at))
        await self.work()

    async def _due(self) -> list[tuple[str, str]]:
        async with self._runtime.db.tenant(self._business_id) as unit:
            query = select(jobs.c.id, jobs.c.kind).where(
                jobs.c.state == "queued", jobs.c.run_at <= text("now()")
            )
            return [(row.id, row.kind) for row in await unit.all(query.order_by(jobs.c.id))]


async def dump(runtime: Runtime, needle: str = "") -> dict[str, list[str]]:
    """Every row of every table as text, by table, read by a superuser; only those that hold the needle."""
    engine = create_async_engine(runtime.settings.database.admin_url)
    found: dict[str, list[str]] = {}
    async with engine.connect() as connection:
        await connection.execute(text("SET bytea_output = 'escape'"))
        tables = await connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        for (table,) in tables.all():
            rows = await connection.execute(
                text(f"SELECT t::text FROM {table} t WHERE strpos(t::text, :needle) > 0 ORDER BY 1"),
                {"needle": needle},
            )
            if lines := [row[0] for row in rows.all()]:
                found[table] = lines
    await engine.dispose()
    return found
