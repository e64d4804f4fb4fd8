"""Each container's command, started as a process with the container's settings: all get up, work together, and stop.

The names of the settings are docker-compose.yml's; the URLs are those of embedded engines and of an S3 server here.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import text

from benchmarks.journey import new_visitor
from kit.embedded import discard
from kit.runtime import Runtime, connected, furnished
from kit.settings import ROOT, Settings, environment, read
from tests.compose import our_services
from tests.integration.conftest import open_salon
from workers.relay import MEMORY

COMMANDS = {service.command: service.environment for service in our_services()}
MIGRATE = ("migrate",)
VERNIS = Path(sys.executable).with_name("vernis")
PATIENCE_S = 120.0
FACE = ROOT / "assets" / "samples" / "faces" / "astronaut.jpg"
COUNTED = {
    ("api",): r'vernis_http_requests_total\{method="POST",route="/v1/tryons",status="202"\}',
    ("relay",): r'vernis_jobs_dispatched_total\{queue="gpu"\}',
    ("scheduler",): r'vernis_chores_total\{chore="sweep",outcome="done"\}',
    ("worker", "--queue", "gpu"): r'vernis_tryons_ended_total\{status="done"\}',
    ("worker", "--queue", "cpu"): r'vernis_jobs_ended_total\{kind="webhooks.announce",outcome="done"\}',
}
"""What the one try-on leaves on each page."""
SCHEDULER_AT_WORK = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 86200001")


@pytest.fixture
def bucket() -> Iterator[str]:
    """The endpoint of an S3 server with the bucket `vernis`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="vernis",
        aws_secret_access_key="any",
    ).create_bucket(Bucket="vernis")
    yield endpoint
    server.stop()


@pytest.fixture
def here(bucket: str) -> Iterator[dict[str, str]]:
    """What stands for the containers' names on this machine: engines of our own, the S3 server, a free port."""
    with tempfile.TemporaryDirectory(prefix="vernis-test-") as folder:
        with furnished(Settings(data_dir=folder)) as embedded:
            yield {
                **{name: url for name, url in environment(embedded).items() if name.endswith("URL")},
                "VERNIS_STORAGE__ENDPOINT_URL": bucket,
                "VERNIS_STORAGE__PUBLIC_ENDPOINT_URL": bucket,
                "VERNIS_API__HOST": "127.0.0.1",
                "VERNIS_API__PORT": free_port(),
                "VERNIS_METRICS__HOST": "127.0.0.1",
            }
        discard(Path(folder))


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


PAGES = {command: free_port() for command in COMMANDS}
"""Each container shows its figures on the same port; on one machine they need one each."""


def settings_of(command: tuple[str, ...], here: dict[str, str]) -> dict[str, str]:
    """The container's variables with this machine's values."""
    variables = {**COMMANDS[command], "VERNIS_API__PORT": "8400"}
    own = {name: here.get(name, value) for name, value in variables.items()}
    return own | {"VERNIS_METRICS__PORT": PAGES[command]}


@contextmanager
def started(command: tuple[str, ...], here: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A service's process; whatever is left of it at the end is killed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
    process = subprocess.Popen(
        [VERNIS, *command], cwd=ROOT, env=inherited | settings_of(command, here), start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
async def runtime(here: dict[str, str]) -> AsyncIterator[Runtime]:
    """Our own connections to what the services stand on, after the migration has run."""
    with started(MIGRATE, here) as migration:
        assert await asyncio.to_thread(migration.wait, PATIENCE_S) == 0
    async with connected(read(settings_of(("api",), here))) as runtime:
        yield runtime


async def until(what: Callable[[], Awaitable[bool]], running: Collection[subprocess.Popen[bytes]]) -> None:
    """Wait until something holds; fails at once when a process has ended."""
    async with asyncio.timeout(PATIENCE_S):
        while not await what():
            assert [process.args for process in running if process.poll() is not None] == []
            await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_every_service_gets_up_works_and_stops(here: dict[str, str], runtime: Runtime) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{here['VERNIS_API__PORT']}", timeout=30) as http:

        async def ready() -> bool:
            try:
                return not (await http.get("/health/ready")).json()["degraded"]
            except httpx.TransportError:
                return False

        async def relay_at_work() -> bool:
            return bool(await runtime.redis.exists(MEMORY))

        async def scheduler_at_work() -> bool:
            async with runtime.db.system() as unit:
                return bool((await unit.execute(SCHEDULER_AT_WORK)).scalar_one())

        with ExitStack() as stack:
            services = {
                command: stack.enter_context(started(command, here))
                for command in COMMANDS
                if command != MIGRATE
            }
            for sign in (ready, relay_at_work, scheduler_at_work):
                await until(sign, services.values())

            visitor = await new_visitor(http, (await open_salon(runtime)).key)
            asked = await visitor.request(
                await visitor.upload(FACE.read_bytes()), [["des_lips_rosewood_satin"]]
            )
            tryon = await visitor.finished(asked["id"], within_s=PATIENCE_S)

            assert tryon["status"] == "done"
            assert (await visitor.picture(tryon["renders"][0]["pictures"]["full"])).startswith(
                b"\xff\xd8\xff"
            )

            for command, series in COUNTED.items():
                port = here["VERNIS_API__PORT"] if command == ("api",) else PAGES[command]
                page = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
                assert re.search(rf"^{series} [1-9]", page, re.MULTILINE), (command, series)

            for process in services.values():
                process.terminate()
            ends = {
                command: await asyncio.to_thread(process.wait, PATIENCE_S)
                for command, process in services.items()
            }

    assert set(ends.values()) <= {0, -signal.SIGTERM}, ends
    async with runtime.db.system() as unit:
        left = (await unit.execute(text("SELECT count(*) FROM worker_heartbeats"))).scalar_one()
    assert left == 0, "workers say goodbye"
