"""What happens to a try-on when its worker is poisoned, paused or told to stop, and when it is not wanted any more."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import Row, func, select, update

from benchmarks.chaos import is_gone, kill, postmaster, redis_process
from benchmarks.errands import small_photo
from benchmarks.journey import Visitor
from benchmarks.patience import PATIENCE_S, until
from cli.trial import Running
from kit.outbox.heartbeat import alive
from kit.outbox.tables import jobs
from kit.settings import ROOT, environment
from modules.photos.tables import photos
from tests.faults.conftest import Faults
from tests.faults.service import RED, children, customer, send


@pytest.fixture
async def visitor(service: Running) -> Visitor:
    return await customer(service)


@pytest.fixture
async def photo_id(visitor: Visitor) -> str:
    return await visitor.upload(small_photo("open_05_left"))


@pytest.fixture
async def held(visitor: Visitor, photo_id: str, faults: Faults) -> str:
    """A try-on that a worker is in the middle of until the photo is let go."""
    faults.hold(photo_id)
    tryon_id: str = (await visitor.request(photo_id, [[RED]]))["id"]
    await until(lambda: faults.is_held(photo_id))
    return tryon_id


async def render_of(service: Running, tryon_id: str) -> Row[Any]:
    """The job that renders a try-on."""
    render = select(jobs).where(jobs.c.kind == "tryon.render", jobs.c.payload["tryon_id"].astext == tryon_id)
    async with service.runtime.db.system() as unit:
        return (await unit.execute(render)).one()


async def worker_of(service: Running, tryon_id: str) -> psutil.Process:
    """The process that renders a try-on."""
    return psutil.Process(int((await render_of(service, tryon_id)).worker.rpartition(":")[2]))


async def stored(service: Running, subject: str) -> list[str]:
    """Every object of a photo or a try-on, whoever wrote it."""
    return [found.key async for found in service.runtime.storage.list("") if subject in found.key]


async def fenced_off(service: Running, tryon_id: str) -> None:
    """Wait until a worker has thrown its work on a try-on away."""
    job_id = (await render_of(service, tryon_id)).id
    await until(lambda: any("job_fenced_off" in line and job_id in line for line in service.log))


async def is_erased(visitor: Visitor, tryon_id: str) -> bool:
    try:
        await visitor.read(tryon_id)
    except httpx.HTTPStatusError as error:
        return error.response.status_code == 404
    return False


async def nothing_of(service: Running, *subjects: str) -> bool:
    return not [key for subject in subjects for key in await stored(service, subject)]


async def was_put_off(service: Running, tryon_id: str) -> bool:
    """Whether the render met a store that was away and waits for its next try."""
    job = await render_of(service, tryon_id)
    return (job.state, job.error) == ("queued", "storage_away")


@asynccontextmanager
async def nobody_renders(service: Running) -> AsyncIterator[None]:
    """Keep the workers of the gpu queue from working."""
    async with service.runtime.db.system() as unit:
        workers = [psutil.Process(pid) for pid in (await alive(unit))["gpu"]]
    for worker in workers:
        worker.suspend()
    try:
        yield
    finally:
        for worker in workers:
            worker.resume()


async def try_on_without_patience(service: Running, visitor: Visitor, photo_id: str) -> httpx.Response:
    """Ask once, and return whatever is answered."""
    async with httpx.AsyncClient(base_url=service.settings.public_url, timeout=60) as http:
        asked = {"photo_id": photo_id, "looks": [{"designs": [RED]}]}
        return await http.post("/v1/tryons", json=asked, headers=visitor.headers)


def start_worker(service: Running, queue: str, broker: str) -> subprocess.Popen[str]:
    """A `vernis worker` of our own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "worker", "--queue", queue, "--broker", broker],
        cwd=ROOT,
        env=inherited | environment(service.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def is_heard(service: Running, worker: psutil.Process) -> bool:
    async with service.runtime.db.system() as unit:
        return any(worker.pid in pids for pids in (await alive(unit)).values())


async def test_a_poison_job_is_delivered_three_times_and_its_neighbours_survive(
    service: Running, visitor: Visitor, photo_id: str, faults: Faults
) -> None:
    faults.poison(photo_id)
    poisonous = (await visitor.request(photo_id, [[RED]]))["id"]
    harmless = (await visitor.request(await visitor.upload(small_photo("open_06_right")), [[RED]]))["id"]

    assert (await visitor.ended(harmless))["status"] == "done"
    tryon = await visitor.ended(poisonous)
    assert (tryon["status"], tryon["problem"]["code"]) == ("failed", "lease_expired")
    job = await render_of(service, poisonous)
    assert (job.state, job.attempts) == ("failed", 3)
    assert await stored(service, poisonous) == []


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_that_is_told_to_end_finishes_its_job(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults, told: signal.Signals
) -> None:
    worker = await worker_of(service, held)
    master = worker.parent()
    assert master is not None

    master.send_signal(told)
    await asyncio.sleep(2)  # longer than an idle worker needs to end
    assert not is_gone(worker)
    faults.let_go(photo_id)
    await until(lambda: is_gone(worker) and is_gone(master))

    assert (await visitor.ended(held))["status"] == "done"
    assert (await render_of(service, held)).token == 1, "finished, not handed back"


async def test_a_worker_paused_past_its_lease_is_fenced_off(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    paused = await worker_of(service, held)
    paused.suspend()
    try:
        faults.let_go(photo_id)
        done = await visitor.ended(held)
        shown = set(await stored(service, held))
    finally:
        paused.resume()
    await fenced_off(service, held)

    assert (done["status"], (await render_of(service, held)).attempts) == ("done", 2)
    assert set(await stored(service, held)) == shown
    assert len(shown) == 4
    assert (await visitor.read(held))["version"] == done["version"]


async def test_a_try_on_cancelled_in_the_middle_leaves_nothing(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    cancelled = (await send(service, visitor, "POST", f"/v1/tryons/{held}/cancel")).json()
    faults.let_go(photo_id)
    await fenced_off(service, held)

    assert cancelled["status"] == "cancelled"
    assert (await visitor.read(held))["status"] == "cancelled"
    assert await stored(service, held) == []


async def test_a_try_on_erased_in_the_middle_leaves_nothing(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    await send(service, visitor, "DELETE", f"/v1/tryons/{held}")
    faults.let_go(photo_id)
    await fenced_off(service, held)

    assert await is_erased(visitor, held)
    assert await stored(service, held) == []


async def test_the_stream_of_an_erased_try_on_ends(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    async with service.http.stream("GET", f"/v1/tryons/{held}/events", headers=visitor.headers) as stream:
        lines = stream.aiter_lines()
        first = [await anext(lines) for _ in range(3)]
        await send(service, visitor, "DELETE", f"/v1/tryons/{held}")
        async with asyncio.timeout(PATIENCE_S):
            rest = [line async for line in lines]
    assert "event: state" in first
    assert "event: state" not in rest
    faults.let_go(photo_id)


async def test_a_photo_erased_in_the_middle_leaves_nothing(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    await send(service, visitor, "DELETE", f"/v1/photos/{photo_id}")
    await until(lambda: is_erased(visitor, held))
    faults.let_go(photo_id)
    await until(lambda: nothing_of(service, photo_id, held))


async def test_a_photo_erased_while_its_try_on_waits_takes_it_along(
    service: Running, visitor: Visitor, photo_id: str
) -> None:
    async with nobody_renders(service):
        tryon_id = (await visitor.request(photo_id, [[RED]]))["id"]
        await send(service, visitor, "DELETE", f"/v1/photos/{photo_id}")
        await until(lambda: is_erased(visitor, tryon_id))
        assert (await render_of(service, tryon_id)).state == "cancelled"
    await until(lambda: nothing_of(service, photo_id, tryon_id))


async def test_a_photo_whose_time_is_over_fails_its_try_on(
    service: Running, visitor: Visitor, photo_id: str
) -> None:
    async with nobody_renders(service):
        tryon = await visitor.request(photo_id, [[RED]])
        business_id = (await render_of(service, tryon["id"])).business_id
        async with service.runtime.db.tenant(business_id) as unit:
            await unit.execute(update(photos).where(photos.c.id == photo_id).values(expires_at=func.now()))

    failed = await visitor.ended(tryon["id"])

    assert (failed["status"], failed["problem"]["code"]) == ("failed", "photo_gone")
    assert (await render_of(service, tryon["id"])).attempts == 1, "nothing to try again"


async def test_a_store_that_is_away_is_waited_for(service: Running, visitor: Visitor, photo_id: str) -> None:
    folder = service.settings.data_path / "objects" / "objects" / "results~"
    folder.mkdir(parents=True, exist_ok=True)
    away = folder.rename(folder.with_name("away~"))
    folder.touch()
    tryon_id = (await visitor.request(photo_id, [[RED]]))["id"]
    await until(lambda: was_put_off(service, tryon_id))
    folder.unlink()
    away.rename(folder)

    assert (await visitor.ended(tryon_id))["status"] == "done"
    assert (await render_of(service, tryon_id)).attempts == 1, "the job is not to blame"
    assert len(await stored(service, tryon_id)) == 4


async def test_while_postgres_is_away_callers_are_asked_to_come_back(
    service: Running, visitor: Visitor, photo_id: str, held: str, faults: Faults
) -> None:
    supervisor = (await redis_process(service.runtime.redis)).parent()
    assert supervisor is not None
    supervisor.suspend()
    try:
        kill(postmaster(service.settings))
        answers = await asyncio.gather(
            *(try_on_without_patience(service, visitor, photo_id) for _ in range(24))
        )
    finally:
        supervisor.resume()
    faults.let_go(photo_id)

    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert (await visitor.ended(held))["status"] == "done"


async def test_a_worker_without_models_ends(service: Running) -> None:
    worker = start_worker(service, "gpu", "tests.faults.broken_models")
    said, _ = await asyncio.to_thread(worker.communicate, timeout=PATIENCE_S)

    assert worker.returncode != 0
    assert "the weights are not there" in said
    assert "ready for action" not in said


@pytest.mark.parametrize("booted", [False, True])
async def test_no_worker_outlives_its_master(service: Running, booted: bool) -> None:
    with start_worker(service, "cpu", "workers.broker") as master:
        await until(lambda: bool(children(master.pid)))
        (worker,) = children(master.pid)
        if booted:
            await until(lambda: is_heard(service, worker))

        master.kill()

        await until(lambda: is_gone(worker))
