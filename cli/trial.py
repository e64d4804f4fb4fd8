"""The whole service as real processes on engines of its own, for benchmarks and tests that hurt it."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil

from benchmarks.patience import Patient, until
from cli.stack import Stack, running
from kit.db.prepare import prepare
from kit.embedded import discard
from kit.runtime import Runtime, connected, furnished
from kit.settings import Settings

FRONT: tuple[tuple[str, ...], ...] = (("api",), ("relay",), ("worker", "--queue", "cpu"))
GPU: tuple[str, ...] = ("worker", "--queue", "gpu")
_SHOWN_LINES = 200


@dataclass
class Running:
    """The service while it runs. log: every line that its processes wrote."""

    settings: Settings
    runtime: Runtime
    stack: Stack
    http: httpx.AsyncClient
    transport: Patient
    log: list[str]


@contextmanager
def ground(**changes: Any) -> Iterator[Settings]:
    """Settings, changed as told, over engines of their own in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vernis-trial-") as folder:
        with furnished(Settings(data_dir=folder, **changes)) as settings:
            asyncio.run(prepare(settings.database))
            yield settings
        discard(Path(folder))


@asynccontextmanager
async def serving(
    settings: Settings,
    services: Sequence[tuple[str, ...]],
    ready: Callable[[httpx.AsyncClient], Awaitable[bool]] | None = None,
) -> AsyncIterator[Running]:
    """Start these services, restart what falls over as `vernis up` does, and stop them at the end.

    ready: what to wait for, by default that the service calls itself so. When the block fails, the last lines of
    their log are printed.
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
                await until(lambda: (ready or _ready)(http))
                yield Running(settings, runtime, stack, http, transport, log)
        except BaseException:
            print("\n".join(log[-_SHOWN_LINES:]))
            raise
        finally:
            watching.cancel()


def processes(here: Running) -> dict[str, psutil.Process]:
    """The API's and the workers' first processes, by name."""
    return {
        f"{service.name}-{number}": psutil.Process(service.process.pid)
        for number, service in enumerate(here.stack.services)
        if service.name != "relay"
    }


async def _watch(stack: Stack) -> None:
    while True:
        stack.watch()
        await asyncio.sleep(0.05)


async def _ready(http: httpx.AsyncClient) -> bool:
    return not (await http.get("/health/ready")).json()["degraded"]
