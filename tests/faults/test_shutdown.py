"""Told to end, each process finishes what it has in hand, says a last word, and leaves in order."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, cast

import httpx
import msgspec
import pytest
from sqlalchemy import func, select, text

from benchmarks.errands import HANDS
from benchmarks.journey import new_visitor
from benchmarks.patience import until
from kit.outbox.tables import jobs
from kit.runtime import Runtime, connected
from kit.settings import ROOT, Api, Settings, environment
from modules.photos.jobs import ExpirePhoto
from tests.faults.service import RED
from tests.faults.slow_upload import MULTIPART, photo_in_parts
from tests.integration.conftest import open_salon
from workers.relay import MEMORY, relay

BOTH = pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
AT_WORK = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 86200001")
PATIENCE_S = 120.0


@pytest.fixture
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    async with connected(settings) as here:
        yield here


@contextmanager
def started(settings: Settings, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the service; killed at the end if the test has not ended it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *command], cwd=ROOT, env=inherited | environment(settings)
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def ended(process: subprocess.Popen[bytes]) -> int:
    return await asyncio.to_thread(process.wait, PATIENCE_S)


@asynccontextmanager
async def api(settings: Settings) -> AsyncIterator[tuple[subprocess.Popen[bytes], httpx.AsyncClient]]:
    """An API process that serves for a while after it is told to end, or until it is told again."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    here = msgspec.structs.replace(settings, api=Api(port=port, leave_s=PATIENCE_S))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        with started(here, "api") as process:
            await until(lambda: answers(http))
            yield process, http


async def answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health/live")).status_code == 200
    except httpx.ConnectError:
        return False


async def is_closed(http: httpx.AsyncClient) -> bool:
    """Whether the door is closed: no new connection is taken."""
    try:
        async with httpx.AsyncClient(base_url=http.base_url) as fresh:
            await fresh.get("/health/live")
    except httpx.TransportError:
        return True
    return False


@BOTH
async def test_the_api_says_that_it_leaves_closes_when_told_again_and_finishes_what_it_has_in_hand(
    settings: Settings, runtime: Runtime, told: signal.Signals
) -> None:
    async with api(settings) as (process, http):
        visitor = await new_visitor(http, (await open_salon(runtime)).key)
        photo_id = await visitor.upload(sorted(HANDS.glob("*.jpg"))[0].read_bytes())
        tryon = await visitor.request(photo_id, [[RED]])
        rest = asyncio.Event()
        async with http.stream("GET", f"/v1/tryons/{tryon['id']}/events", headers=visitor.headers) as stream:
            lines = stream.aiter_lines()
            assert "event: state" in [await anext(lines) for _ in range(3)]
            upload = asyncio.create_task(
                http.post(
                    "/v1/photos", headers=visitor.headers | MULTIPART, content=photo_in_parts(visitor, rest)
                )
            )
            await asyncio.sleep(0)

            process.send_signal(told)

            last = [line async for line in lines]
        ready = (await http.get("/health/ready")).json()
        still_served = await http.get("/v1/consent-texts")
        process.send_signal(told)
        await until(lambda: is_closed(http))
        rest.set()
        uploaded = await upload

        assert "event: restarting" in last
        assert (ready["ready"], ready["checks"]["staying"]["ok"]) == (False, False)
        assert still_served.status_code == 200
        assert uploaded.status_code == 201, uploaded.text
        assert await ended(process) == 0


@BOTH
async def test_the_relay_leaves_no_job_behind(
    settings: Settings, runtime: Runtime, told: signal.Signals
) -> None:
    salon = await open_salon(runtime)
    await runtime.redis.delete(MEMORY)
    with started(settings, "relay") as relay:
        await until(lambda: remembers(runtime))
        async with runtime.db.tenant(salon.business_id) as unit:
            await unit.execute(
                jobs.insert(),
                [
                    {"id": f"job_{salon.business_id}_{number}", "business_id": salon.business_id,
                     "kind": ExpirePhoto.kind, "queue": ExpirePhoto.queue, "payload": {"photo_id": "pho_none"}}
                    for number in range(500)
                ],
            )  # fmt: skip
        relay.send_signal(told)
        relay.send_signal(told)

        assert await ended(relay) == 0

    sent_or_due = (jobs.c.dispatches > 0) | (jobs.c.dispatch_at <= func.now())
    async with runtime.db.system() as unit:
        found = await unit.execute(
            select(func.count()).where(
                jobs.c.business_id == salon.business_id, jobs.c.state == "queued", sent_or_due
            )
        )
        assert found.scalar_one() == 500


async def test_the_relay_ends_although_a_write_to_redis_swallowed_the_word(runtime: Runtime) -> None:
    asked = asyncio.Event()

    class Swallowing:
        """Redis as redis-py can be on Python 3.11: told to end while it writes, it says that it has written."""

        async def exists(self, _: str) -> int:
            asked.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            return 1

    working = asyncio.create_task(relay(dataclasses.replace(runtime, redis=cast("Any", Swallowing()))))
    await asked.wait()
    working.cancel()

    await asyncio.wait({working}, timeout=PATIENCE_S)

    assert working.cancelled()


async def remembers(runtime: Runtime) -> bool:
    return bool(await runtime.redis.exists(MEMORY))


@BOTH
async def test_the_scheduler_gives_its_lock_to_the_next(
    settings: Settings, runtime: Runtime, told: signal.Signals
) -> None:
    async def at_work() -> bool:
        async with runtime.db.system() as unit:
            return bool((await unit.execute(AT_WORK)).scalar_one())

    with started(settings, "scheduler") as first:
        await until(at_work)
        first.send_signal(told)

        assert await ended(first) == 0
        assert not await at_work()
