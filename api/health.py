"""Is the process alive; is the service ready."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from litestar import Response, get
from litestar.openapi import ResponseSpec
from msgspec import Struct

from api.given import GivenRuntime
from api.limits import UNLIMITED
from kit.log import get_logger
from kit.outbox.heartbeat import alive
from kit.outbox.queues import QUEUES
from kit.outbox.standing import standing
from kit.runtime import Runtime

log = get_logger(__name__)

PATIENCE_S = 2.0
STUCK_AFTER_S = 120.0
BEHIND = frozenset({"queues", "workers"})
"""Checks of what stands behind the API. No other process of it would be better off, so that none is taken out."""


class Unwell(Exception):
    """Something answers, and what it says is not good."""


class Check(Struct, frozen=True):
    """One thing that the service stands on."""

    ok: bool
    detail: str = ""


class Readiness(Struct, frozen=True):
    """Whether this process can answer, and what is missing.

    degraded: some check is not well. Where it is the queues' or the workers', `ready` stays true: photos and requests
    are still taken, and wait.
    """

    ready: bool
    degraded: bool
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
    """Database, Redis and storage: 503 while one of them does not answer, and from the moment on in which this
    process is told to end. Queue age and worker heartbeats are told beside them.
    """
    probes: dict[str, Awaitable[str]] = {
        "database": _answers(runtime.db.check()),
        "redis": _answers(runtime.redis.ping()),
        "storage": _answers(runtime.storage.check()),
        "queues": _queues(runtime),
        "workers": _workers(runtime),
        "staying": _staying(runtime),
    }
    found = dict(zip(probes, await asyncio.gather(*map(_tried, probes.values())), strict=True))
    unwell = {name for name, check in found.items() if not check.ok}
    well = unwell <= BEHIND
    headers = {"Cache-Control": "no-store", **({} if well else {"Retry-After": "2"})}
    shown = Readiness(ready=well, degraded=bool(unwell), checks=found)
    return Response(shown, status_code=200 if well else 503, headers=headers)


async def _tried(probe: Awaitable[str]) -> Check:
    """What a probe came to: words when it is well, Unwell or any other error when it is not."""
    try:
        return Check(ok=True, detail=await asyncio.wait_for(probe, PATIENCE_S))
    except Unwell as unwell:
        return Check(ok=False, detail=str(unwell))
    except Exception as error:
        log.warning("not_ready", error=type(error).__name__)
        return Check(ok=False, detail=type(error).__name__)


async def _answers(asked: Awaitable[object]) -> str:
    await asked
    return ""


async def _queues(runtime: Runtime) -> str:
    async with runtime.db.system() as unit:
        now = await standing(unit)
    ages = {queue: round(now.age_s(queue)) for queue in QUEUES}
    words = f"oldest waiting job, seconds: {ages}"
    if max(ages.values()) >= STUCK_AFTER_S:
        raise Unwell(words)
    return words


async def _workers(runtime: Runtime) -> str:
    async with runtime.db.system() as unit:
        heard = await alive(unit)
    if missing := [queue for queue in QUEUES if queue not in heard]:
        raise Unwell(f"no worker on: {', '.join(missing)}")
    return ""


async def _staying(runtime: Runtime) -> str:
    if runtime.leaving.is_set():
        raise Unwell("this process is to end")
    return ""


handlers = [live, ready]
