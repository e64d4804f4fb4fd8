"""Is the process alive; is the service ready."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from litestar import Response, get
from litestar.openapi import ResponseSpec
from msgspec import Struct
from sqlalchemy import text

from api.given import GivenRuntime
from api.limits import UNLIMITED
from kit.log import get_logger
from kit.outbox.dispatch import queues
from kit.outbox.heartbeat import alive
from kit.runtime import Runtime

log = get_logger(__name__)

PATIENCE_S = 2.0
STUCK_AFTER_S = 120.0
QUEUES = ("gpu", "cpu")


class Check(Struct, frozen=True):
    """One thing that the service stands on."""

    ok: bool
    detail: str = ""


class Readiness(Struct, frozen=True):
    """Whether work can be taken, and what is missing."""

    ready: bool
    checks: dict[str, Check]


@get("/health/live", tags=["health"], exclude_from_auth=True, opt=UNLIMITED)
async def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@get(
    "/health/ready",
    tags=["health"],
    exclude_from_auth=True,
    opt=UNLIMITED,
    responses={503: ResponseSpec(Readiness, description="Something is missing.", generate_examples=False)},
)
async def ready(runtime: GivenRuntime) -> Response[Readiness]:
    """Database, Redis, storage, queue age and worker heartbeats; 503 while one of them is not well, and
    from the moment on in which this process is told to end.
    """
    probes = {
        "database": _database(runtime),
        "redis": _redis(runtime),
        "storage": _storage(runtime),
        "queues": _queues(runtime),
        "workers": _workers(runtime),
        "staying": _staying(runtime),
    }
    found = dict(zip(probes, await asyncio.gather(*map(_tried, probes.values())), strict=True))
    well = all(check.ok for check in found.values())
    headers = {"Cache-Control": "no-store", **({} if well else {"Retry-After": "2"})}
    return Response(Readiness(well, found), status_code=200 if well else 503, headers=headers)


async def _tried(probe: Awaitable[Check]) -> Check:
    try:
        return await asyncio.wait_for(probe, PATIENCE_S)
    except Exception as error:
        log.warning("not_ready", error=type(error).__name__)
        return Check(ok=False, detail=type(error).__name__)


async def _staying(runtime: Runtime) -> Check:
    leaving = runtime.leaving.is_set()
    return Check(ok=not leaving, detail="this process is to end" if leaving else "")


async def _database(runtime: Runtime) -> Check:
    async with runtime.db.nobody() as unit:
        await unit.execute(text("SELECT 1"))
    return Check(ok=True)


async def _redis(runtime: Runtime) -> Check:
    await runtime.redis.ping()
    return Check(ok=True)


async def _storage(runtime: Runtime) -> Check:
    await runtime.storage.check()
    return Check(ok=True)


async def _queues(runtime: Runtime) -> Check:
    async with runtime.db.system() as unit:
        ages = {queue: round(state.age_s) for queue, state in (await queues(unit)).items()}
    return Check(
        ok=max(ages.values(), default=0) < STUCK_AFTER_S, detail=f"oldest waiting job, seconds: {ages}"
    )


async def _workers(runtime: Runtime) -> Check:
    async with runtime.db.system() as unit:
        heard = await alive(unit)
    missing = [queue for queue in QUEUES if queue not in heard]
    return Check(ok=not missing, detail=f"no worker on: {', '.join(missing)}" if missing else "")


handlers = [live, ready]
