"""Faults of a running service on engines of its own: what dies, what forgets, what is away."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx
import psutil
from redis.asyncio import Redis

from benchmarks.patience import Patient
from kit.db.away import DatabaseAway
from kit.embedded.folders import locate
from kit.outbox.heartbeat import alive
from kit.outbox.queues import CPU, QUEUES
from kit.runtime import Runtime
from kit.settings import Settings


class Service(Protocol):
    """A running service, its connections, and a patient client of it."""

    settings: Settings
    runtime: Runtime
    http: httpx.AsyncClient
    transport: Patient


Fault = Callable[[Service], Awaitable[None]]


async def empty_redis(here: Service) -> None:
    """Redis forgets everything."""
    await here.runtime.redis.flushall()


async def kill_redis(here: Service) -> None:
    """Redis dies; its supervisor starts it again."""
    kill(await redis_process(here.runtime.redis))


async def kill_postgres(here: Service) -> None:
    """Postgres dies; its supervisor starts it again."""
    kill(postmaster(here.settings))


async def kill_cpu_worker(here: Service) -> None:
    """The worker dies that tells and tidies; it starts again."""
    await kill_a_worker(here, random.Random(), of=(CPU,))


@dataclass(frozen=True)
class TakeStorageAway:
    """The local store is no folder any more for so many seconds."""

    seconds: float

    async def __call__(self, here: Service) -> None:
        with storage_away(here.settings):
            await asyncio.sleep(self.seconds)


@contextmanager
def storage_away(settings: Settings) -> Iterator[None]:
    """While the block runs, every read and every write of the local store fails."""
    folder = settings.data_path / "objects"
    away = folder.rename(folder.with_name("objects-away"))
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        away.rename(folder)


async def kill_a_worker(here: Service, chance: random.Random, *, of: Sequence[str] = QUEUES) -> str | None:
    """Kill a worker of these queues by chance, of those that said lately that they work; returns its queue."""
    try:
        async with here.runtime.db.system() as unit:
            heard = await alive(unit)
    except DatabaseAway:
        return None
    living = [(queue, pid) for queue in of for pid in heard.get(queue, ()) if _is_worker(pid)]
    if not living:
        return None
    queue, pid = chance.choice(living)
    kill(psutil.Process(pid))
    return queue


async def redis_process(redis: Redis) -> psutil.Process:
    """The embedded Redis."""
    return psutil.Process((await redis.info("server"))["process_id"])


def postmaster(settings: Settings) -> psutil.Process:
    """The embedded PostgreSQL's first process."""
    pid_file = locate(settings.data_path).postgres / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().splitlines()[0]))


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended (a zombie has)."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def kill(process: psutil.Process) -> None:
    """SIGKILL."""
    os.kill(process.pid, signal.SIGKILL)


def _is_worker(pid: int) -> bool:
    """Whether the process with this id still is the one that runs actors: a heartbeat outlives who sent it."""
    try:
        return "spawn_main" in " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return False
