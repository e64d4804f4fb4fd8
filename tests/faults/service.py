"""The whole service as real processes, and ways to hurt what it stands on."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import msgspec
import psutil

from benchmarks.journey import Visitor, new_visitor
from cli.stack import Stack, running
from kit.db.prepare import prepare
from kit.embedded import discard
from kit.embedded.folders import locate
from kit.runtime import Runtime, connected, furnished
from kit.settings import ROOT, Settings
from tests.integration.conftest import LONG, ROOMY, Salon, open_salon

PATIENCE_S = 120.0
HANDS = ROOT / "assets" / "samples" / "hands"
RED = "des_polish_lacquer_red"
FRONT: tuple[tuple[str, ...], ...] = (("api",), ("relay",), ("worker", "--queue", "cpu"))
GPU: tuple[str, ...] = ("worker", "--queue", "gpu")
FAULTY_GPU: tuple[str, ...] = (*GPU, "--broker", "tests.faults.broker")


@contextmanager
def ground(**changes: msgspec.Struct) -> Iterator[Settings]:
    """Settings over engines of their own in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vernis-test-") as folder:
        roomy: dict[str, msgspec.Struct] = {"limits": ROOMY, "queue": LONG, **changes}
        with furnished(Settings(data_dir=folder, **roomy)) as settings:  # type: ignore[arg-type]
            asyncio.run(prepare(settings.database))
            yield settings
        discard(Path(folder))


@dataclass
class Patient(httpx.AsyncHTTPTransport):
    """Comes back when it is told to, and remembers every answer. An answer that may not be given is an error."""

    statuses: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(limits=httpx.Limits(max_connections=100))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        while True:
            response = await super().handle_async_request(request)
            self.statuses.add(response.status_code)
            if response.status_code != 503 or request.url.path.startswith("/health"):
                return response
            await response.aread()
            assert response.headers["content-type"] == "application/problem+json", response.text
            await asyncio.sleep(float(response.headers["retry-after"]))


@dataclass
class Running:
    """The service while it runs."""

    settings: Settings
    runtime: Runtime
    stack: Stack
    http: httpx.AsyncClient
    transport: Patient
    log: list[str]

    async def visitor(self) -> Visitor:
        """A customer of a salon of her own."""
        return await self.visitor_of(await open_salon(self.runtime))

    async def visitor_of(self, salon: Salon) -> Visitor:
        """A customer of this salon."""
        return await new_visitor(self.http, salon.key)

    async def send(self, visitor: Visitor, method: str, path: str) -> httpx.Response:
        """A visitor's request without a body; raises httpx.HTTPStatusError unless it succeeds."""
        answer = await self.http.request(method, path, headers=bearer(visitor))
        return answer.raise_for_status()


def bearer(visitor: Visitor) -> dict[str, str]:
    return {"Authorization": f"Bearer {visitor.token}"}


@asynccontextmanager
async def serving(
    settings: Settings,
    services: Sequence[tuple[str, ...]],
    ready: Callable[[httpx.AsyncClient], Awaitable[bool]] | None = None,
) -> AsyncIterator[Running]:
    """Start these services, restart what falls over as `vernis up` does, and stop them at the end.

    ready: what to wait for; by default that the service calls itself ready.
    """
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    api = msgspec.structs.replace(settings.api, port=listening.getsockname()[1])
    settings = msgspec.structs.replace(settings, api=api)
    log: list[str] = []
    transport = Patient()
    with (
        listening,
        running(settings, listening, lambda name, line: log.append(f"{name} {line}"), services) as stack,
    ):
        watching = asyncio.create_task(_watch(stack))
        try:
            async with (
                connected(settings) as runtime,
                httpx.AsyncClient(base_url=settings.public_url, transport=transport, timeout=60) as http,
            ):
                here = Running(settings, runtime, stack, http, transport, log)
                await until(lambda: (ready or _ready)(http))
                yield here
        except BaseException:
            print("\n".join(log[-200:]))
            raise
        finally:
            watching.cancel()


async def _watch(stack: Stack) -> None:
    while True:
        stack.watch()
        await asyncio.sleep(0.05)


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health/ready")).status_code == 200


async def until(what: Callable[[], Awaitable[bool] | bool], within_s: float = PATIENCE_S) -> None:
    """Poll until something holds; raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            found = what()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.1)


async def ended(visitor: Visitor, tryon_id: str) -> dict[str, Any]:
    """The try-on when it has ended, asked for again and again."""
    async with asyncio.timeout(2 * PATIENCE_S):
        while (tryon := await visitor.read(tryon_id))["status"] in ("queued", "running"):
            await asyncio.sleep(1)
    return tryon


def photo(name: str, width: int = 480) -> bytes:
    """A sample hand made small, so that a render takes a tenth of a second."""
    image = cv2.imread(str(HANDS / f"{name}.jpg"))
    height = round(image.shape[0] * width / image.shape[1])
    done, data = cv2.imencode(".jpg", cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
    assert done
    return data.tobytes()


async def redis_process(runtime: Runtime) -> psutil.Process:
    """The embedded Redis."""
    return psutil.Process((await runtime.redis.info("server"))["process_id"])


def postmaster(settings: Settings) -> psutil.Process:
    """The embedded PostgreSQL's first process."""
    pid_file = locate(settings.data_path).postgres / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().splitlines()[0]))


def children(pid: int) -> list[psutil.Process]:
    """The processes in which a `vernis worker` runs its actors."""
    return [child for child in psutil.Process(pid).children() if "spawn_main" in " ".join(child.cmdline())]


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended (a zombie has)."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def kill(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
