"""Two real API processes over the same engines, and one that is killed in the middle of a request."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest
from msgspec import Struct
from sqlalchemy import func, select, text

from benchmarks.journey import new_visitor
from kit.idempotency.tables import idempotency_keys as keys
from kit.runtime import Runtime
from kit.settings import ROOT, Idempotency, Settings, Uploads, environment
from modules.tryon.tables import tryons
from tests.integration.conftest import ROOMY, Salon, another_api

RED, NAVY = "des_polish_lacquer_red", "des_polish_midnight_navy"


class Served(Struct):
    """An API process and a client of it."""

    process: subprocess.Popen[bytes]
    client: httpx.AsyncClient

    async def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        await asyncio.to_thread(self.process.wait)


@asynccontextmanager
async def served(settings: Settings, **changes: Struct) -> AsyncIterator[Served]:
    own = msgspec.structs.replace(settings, **{"uploads": Uploads(decoders=1), **changes})
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-m", "cli.main", "api", "--socket", str(listening.fileno())]
        plain = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
        process = subprocess.Popen(
            [*command, "--parent", str(os.getpid())],
            pass_fds=(listening.fileno(),),
            cwd=ROOT,
            env={**plain, **environment(own)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = "http://{}:{}".format(*listening.getsockname())
    try:
        async with httpx.AsyncClient(base_url=url, timeout=120) as client:
            yield Served(process, client)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@pytest.mark.slow
async def test_two_processes_admit_exactly_the_quota(runtime: Runtime, salon: Salon) -> None:
    limits = msgspec.structs.replace(ROOMY, key_per_minute=40)
    async with (
        served(runtime.settings, limits=limits) as one,
        served(runtime.settings, limits=limits) as other,
    ):
        await asyncio.gather(*(api.client.get("/health/live") for api in (one, other)))
        clients = (one.client, other.client) * 80
        answers = await asyncio.gather(
            *(client.get("/v1/limits", headers=salon.headers) for client in clients)
        )
    assert Counter(answer.status_code for answer in answers) == {200: 40, 429: 120}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers if answer.status_code == 429)


@pytest.mark.slow
async def test_two_hundred_parallel_posts_to_two_processes_make_one_try_on(
    runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    async with served(runtime.settings) as one, served(runtime.settings) as other:
        visitor = await new_visitor(one.client, salon.key)
        body = {"photo_id": await visitor.upload(hand_photo), "looks": [{"designs": [RED]}]}
        changed = {**body, "looks": [{"designs": [NAVY]}]}
        headers = visitor.headers | {"Idempotency-Key": "k"}

        answers = await asyncio.gather(
            *(api.client.post("/v1/tryons", json=body, headers=headers) for api in (one, other) * 100)
        )
        refused = [await api.client.post("/v1/tryons", json=changed, headers=headers) for api in (one, other)]

        made = [answer for answer in answers if answer.status_code == 202]
        waiting = [answer for answer in answers if answer.status_code == 409]
        assert len(made) + len(waiting) == 200
        assert len({answer.content for answer in made}) == 1
        assert sum("idempotency-replayed" not in answer.headers for answer in made) == 1
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in waiting)
        assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {
            (422, "idempotency_mismatch")
        }
        assert await counted(runtime, salon, tryons) == 1


@pytest.mark.slow
async def test_what_a_killed_process_began_is_done_once_by_another(
    runtime: Runtime, salon: Salon, hand_photo: bytes
) -> None:
    lease = Idempotency(lease_s=2)
    async with (
        served(runtime.settings, idempotency=lease) as dying,
        served(runtime.settings, idempotency=lease) as next_one,
    ):
        visitor = await new_visitor(dying.client, salon.key)
        photo_id = await visitor.upload(hand_photo)
        body = {"photo_id": photo_id, "looks": [{"designs": [RED]}]}
        headers = visitor.headers | {"Idempotency-Key": "k"}

        async with runtime.db.tenant(salon.business_id) as unit:  # holds the work up, behind the key
            await unit.execute(text("SELECT 1 FROM photos WHERE id = :id FOR UPDATE"), {"id": photo_id})
            asking = asyncio.create_task(dying.client.post("/v1/tryons", json=body, headers=headers))
            while not await counted(runtime, salon, keys):
                await asyncio.sleep(0.02)
            await dying.kill()
        with pytest.raises(httpx.TransportError):
            await asking

        statuses = []
        while True:
            answer = await next_one.client.post("/v1/tryons", json=body, headers=headers)
            statuses.append(answer.status_code)
            if answer.status_code != 409:
                break
            assert int(answer.headers["retry-after"]) >= 1
            await asyncio.sleep(0.2)
        assert set(statuses) <= {409, 202}
        assert (answer.status_code, "idempotency-replayed" in answer.headers) == (202, False)
        assert await counted(runtime, salon, tryons) == 1

    async with another_api(runtime.settings) as restarted:
        replayed = await restarted.post("/v1/tryons", json=body, headers=headers)
    assert (replayed.status_code, replayed.content) == (202, answer.content)
    assert replayed.headers["idempotency-replayed"] == "true"
    assert await counted(runtime, salon, tryons) == 1


async def counted(runtime: Runtime, salon: Salon, table: object) -> int:
    async with runtime.db.tenant(salon.business_id) as unit:
        return int((await unit.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]
