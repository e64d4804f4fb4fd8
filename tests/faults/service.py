"""The whole service as real processes, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil

from benchmarks.journey import Visitor, new_visitor
from cli import trial
from cli.trial import GPU, Running
from kit.settings import Settings
from tests.integration.conftest import LONG, ROOMY, open_salon

RED = "des_polish_lacquer_red"
FAULTY_GPU: tuple[str, ...] = (*GPU, "--broker", "tests.faults.broker")


@contextmanager
def ground(**changes: Any) -> Iterator[Settings]:
    """Settings over engines of their own that refuse nobody."""
    with trial.ground(**{"limits": ROOMY, "queue": LONG, **changes}) as settings:
        yield settings


async def customer(service: Running) -> Visitor:
    """A customer of a salon of her own."""
    return await new_visitor(service.http, (await open_salon(service.runtime)).key)


async def send(service: Running, visitor: Visitor, method: str, path: str) -> httpx.Response:
    """A visitor's request without a body; raises httpx.HTTPStatusError unless it succeeds."""
    answer = await service.http.request(method, path, headers=visitor.headers)
    return answer.raise_for_status()


def children(pid: int) -> list[psutil.Process]:
    """The processes in which a `vernis worker` runs its actors."""
    return [child for child in psutil.Process(pid).children() if "spawn_main" in " ".join(child.cmdline())]
