"""How many simple requests one core of an API process answers: credential, limits, one row of the database, JSON."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import psutil
from msgspec import Struct
from sqlalchemy import text

from benchmarks import roomy
from benchmarks.journey import new_visitor
from benchmarks.load import Load
from kit.runtime import Runtime, connected
from kit.settings import ROOT, Settings, environment

API = ("-m", "cli.main", "api")
FLOOR = ("-m", "benchmarks.floor")
READY_WITHIN_S, WARM_UP_S = 30.0, 2.0
_BACKENDS = text("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


class Process(Struct, frozen=True):
    """A server of ours and where it listens."""

    url: str
    pid: int


async def measure(
    settings: Settings, key: str, photo: Path, *, seconds: float, connections: int
) -> dict[str, Any]:
    """Requests per CPU second of the API process (`per_core_s`), and per second of the clock (`per_s`).

    settings: furnished; no worker runs, so the try-on that is read waits for ever. `floor`: a route without credential,
    limits and database under the same server. `engines_cpu_s`: Postgres and Redis; `load_cpu_s`: the generator.
    """
    figures: dict[str, Any] = {"seconds": seconds, "connections": connections}
    async with connected(settings) as runtime:
        with _serving(FLOOR, settings) as floor:
            await _ready(floor.url + "/nothing")
            figures["floor"] = await _of(runtime, floor, "/nothing", None, seconds, connections)
        with _serving(API, msgspec.structs.replace(settings, limits=roomy.LIMITS, queue=roomy.QUEUE)) as api:
            await _ready(api.url + "/health/live")
            async with httpx.AsyncClient(base_url=api.url, timeout=30) as http:
                visitor = await new_visitor(http, key)
                photo_id = await visitor.upload(photo.read_bytes())
                tryon = await visitor.request(photo_id, [["des_polish_lacquer_red"]])
            paths = {
                "get_tryon": f"/v1/tryons/{tryon['id']}",
                "list_tryons": "/v1/tryons?limit=1",
                "get_limits": "/v1/limits",
            }
            for name, path in paths.items():
                figures[name] = await _of(runtime, api, path, key, seconds, connections)
    return figures


async def _of(
    runtime: Runtime, server: Process, path: str, key: str | None, seconds: float, connections: int
) -> dict[str, Any]:
    await _asked(server, path, key, WARM_UP_S, connections)
    own, engines = _cpu_s([server.pid]), await _engines_cpu_s(runtime)
    load = await _asked(server, path, key, seconds, connections)
    own, engines = _cpu_s([server.pid]) - own, await _engines_cpu_s(runtime) - engines
    if set(load.statuses) != {200}:
        raise RuntimeError(f"{path} answered {load.statuses}")
    return {
        "per_core_s": round(load.requests / own),
        "per_s": round(load.requests / load.seconds),
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "requests": load.requests,
        "api_cpu_s": round(own, 2),
        "engines_cpu_s": round(engines, 2),
        "load_cpu_s": round(load.cpu_s, 2),
    }


async def _asked(server: Process, path: str, key: str | None, seconds: float, connections: int) -> Load:
    parts = urlsplit(server.url)
    asking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.load", str(parts.hostname), str(parts.port), path),
        *(("--token", key) if key else ()),
        *("--seconds", str(seconds), "--connections", str(connections)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    told, _ = await asking.communicate()
    return msgspec.json.decode(told, type=Load)


async def _engines_cpu_s(runtime: Runtime) -> float:
    """CPU seconds of Redis and of the sessions of Postgres that live now."""
    async with runtime.db.system() as unit:
        backends = [row.pid for row in await unit.all(_BACKENDS)]
    redis = await runtime.redis.info("cpu")
    return _cpu_s(backends) + float(redis["used_cpu_user"]) + float(redis["used_cpu_sys"])


def _cpu_s(pids: Sequence[int]) -> float:
    times = (psutil.Process(pid).cpu_times() for pid in pids)
    return float(sum(spent.user + spent.system for spent in times))


@contextmanager
def _serving(command: Sequence[str], settings: Settings) -> Iterator[Process]:
    """A process of its own under the server's production settings, on a free port."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        host, port = listening.getsockname()
        plain = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
        process = subprocess.Popen(
            [sys.executable, *command, "--socket", str(listening.fileno()), "--parent", str(os.getpid())],
            pass_fds=(listening.fileno(),),
            cwd=ROOT,
            env={**plain, **environment(settings)},
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Process(f"http://{host}:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


async def _ready(url: str) -> None:
    async with httpx.AsyncClient(timeout=READY_WITHIN_S) as http:
        while (await http.get(url)).status_code != 200:
            await asyncio.sleep(0.1)
