"""The service's processes, one command each: what `vernis up` starts and what a container runs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import click

from api.leaving import LeavingServer
from cli.environment import ready
from kit.db.prepare import prepare
from kit.exposition import gathering, shown
from kit.outbox.queues import GPU, QUEUES
from kit.runtime import Runtime, connected
from kit.settings import Settings, environment

lifeline = click.option("--parent", type=int, hidden=True, help="Process that this one must not outlive.")


@click.command()
@click.option("--socket", "descriptor", type=int, hidden=True, help="Listening socket to take over.")
@lifeline
def api(descriptor: int | None, parent: int | None) -> None:
    """Serve the HTTP API."""
    with ready("api", parent) as settings:
        from api.app import create_app
        from api.server import serving

        app = create_app(settings)
        inherited = None if descriptor is None else [socket.socket(fileno=descriptor)]
        LeavingServer(app, serving(app, settings), settings.api.leave_s).run(inherited)


@click.command()
@lifeline
def relay(parent: int | None) -> None:
    """Send due jobs to the queues and take jobs back from dead workers."""
    from workers.relay import relay as run

    with ready("relay", parent) as settings:
        asyncio.run(_until_told(settings, run))


@click.command()
@lifeline
def scheduler(parent: int | None) -> None:
    """Do what happens by the clock."""
    from workers.scheduler import scheduler as run

    with ready("scheduler", parent) as settings:
        asyncio.run(_until_told(settings, run))


@click.command()
@click.option("--queue", type=click.Choice(QUEUES), default=GPU, show_default=True)
@click.option(
    "--broker", default="workers.broker", hidden=True, help="Module with the broker and its actors."
)
@lifeline
def worker(queue: str, broker: str, parent: int | None) -> None:
    """Serve one queue with Dramatiq: renders (gpu) or everything else (cpu)."""
    with ready(f"worker-{queue}", parent) as settings:
        from dramatiq import cli

        with gathering(settings) as settings, shown(settings.metrics):
            os.environ.update(
                environment(settings), PROMETHEUS_MULTIPROC_DIR=settings.metrics.folder, **_tuning(queue)
            )
            sys.argv = ["dramatiq", broker, *_arguments(settings, queue)]
            sys.exit(cli.main())  # type: ignore[no-untyped-call]


@click.command()
def migrate() -> None:
    """Create the roles when a superuser is given, and bring the schema to the newest version."""
    with ready("migrate") as settings:
        asyncio.run(prepare(settings.database))


@click.command()
@click.option("--older-than", type=int, default=3600, show_default=True, help="Seconds.")
def sweep(older_than: int) -> None:
    """Delete stored objects that nothing names any more."""
    from workers.sweeper import sweep as run

    async def once(settings: Settings) -> int:
        async with connected(settings) as runtime:
            return await run(runtime, older_than=timedelta(seconds=older_than))

    with ready("sweep") as settings:
        click.echo(f"{asyncio.run(once(settings))} objects deleted")


async def _until_told(settings: Settings, run: Callable[[Runtime], Coroutine[Any, Any, None]]) -> None:
    """Run until SIGTERM or SIGINT; a second signal does not tear the end."""
    with shown(settings.metrics):
        async with connected(settings) as runtime:
            await _until_signal(run(runtime))


async def _until_signal(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop, told = asyncio.get_running_loop(), False

    def leave() -> None:
        nonlocal told
        if not told:
            told = True
            task.cancel()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    try:
        await task
    except asyncio.CancelledError:
        return


def _tuning(queue: str) -> dict[str, str]:
    """Dramatiq's, OpenMP's and glibc's environment.

    An idle worker looks for work every 15 ms and keeps one message in hand. Renders run in whichever thread is free;
    with a heap for each of them, memory crept up by some 5 MB over 1,000 renders. asyncio asks for 256 KB each time it
    reads and keeps the few bytes that came: taken from the heap, as glibc comes to do, it was in pieces after hours, so
    that a worker which mostly reads has such blocks from the system. Pictures are better off on the heap.
    """
    blocks = {} if queue == GPU else {"MALLOC_MMAP_THRESHOLD_": str(128 * 1024)}
    return blocks | {
        "DRAMATIQ_VERNIS_QUEUE": queue,
        "dramatiq_worker_timeout": "15",
        "dramatiq_queue_prefetch": "2",
        "dramatiq_restart_delay": "2000",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def _arguments(settings: Settings, queue: str) -> list[str]:
    processes = settings.workers.gpu_processes if queue == GPU else settings.workers.cpu_processes
    threads = 2 if queue == GPU else 12  # renders: one draws, one stores; others mostly wait
    return [
        *("--queues", queue),
        *("--processes", str(processes)),
        *("--threads", str(threads)),
        *("--worker-shutdown-timeout", str(int(settings.workers.drain_s * 1000))),
        *("--worker-fork-timeout", "10"),  # there are no forks to wait for; a boot that fails is seen at once
        "--use-spawn",
        "--skip-logging",
    ]
