"""`vernis up`: the whole service in one terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
import httpx
import msgspec
from msgspec import Struct
from rich.console import Console

from cli.console import LogView
from cli.stack import Stack, running
from kit.db.prepare import prepare
from kit.errors import Broken
from kit.runtime import furnished
from kit.settings import Settings, read

READY_WITHIN_S = 120.0


class NotReady(Broken):
    code = "not_ready"


@click.command()
@click.option(
    "--port", type=int, help="Port to listen on; without it the next free one from the settings' port on."
)
def up(port: int | None) -> None:
    """Start engines, API, relay, scheduler and workers, and serve until Ctrl-C."""
    console = Console(stderr=True)
    with serving(console, port) as (settings, stack):
        console.print(f"Vernis serves on [bold]{settings.public_url}[/bold]  [dim](Ctrl-C stops)[/dim]")
        wait(stack)


@contextmanager
def serving(console: Console, port: int | None = None, **changes: Struct) -> Iterator[tuple[Settings, Stack]]:
    """The whole service, ready, for as long as the block runs. SIGTERM ends it as Ctrl-C does.

    changes: sections of the settings that stand instead of the environment's.
    """
    # Set for both: a shell starts background jobs with SIGINT ignored, and that would be inherited.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt_once)
    settings, listening = _listening(msgspec.structs.replace(read(os.environ), **changes), port)
    console.print("Starting the engines …")
    with listening, furnished(settings) as complete:
        asyncio.run(prepare(complete.database))
        log = LogView(console, settings.data_path / "logs")
        console.print(f"Starting the services …  [dim]log: {log.path}[/dim]")
        with running(complete, listening, log) as stack:
            _wait_until_ready(complete, stack)
            yield complete, stack
            console.print("Stopping …")


def wait(stack: Stack) -> None:
    """Keep the services running until Ctrl-C."""
    try:
        while True:
            stack.watch()
            time.sleep(0.2)
    except KeyboardInterrupt:
        return


def _wait_until_ready(settings: Settings, stack: Stack) -> None:
    """Raises NotReady, naming what is missing."""
    deadline, answer = time.monotonic() + READY_WITHIN_S, "the API does not answer"
    while time.monotonic() < deadline:
        stack.watch()
        try:
            response = httpx.get(f"http://{settings.api.host}:{settings.api.port}/health/ready", timeout=5)
            if not response.json()["degraded"]:
                return
            answer = response.text
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.1)
    raise NotReady(f"The service is not ready after {READY_WITHIN_S:.0f} s: {answer}")


def _listening(settings: Settings, port: int | None) -> tuple[Settings, socket.socket]:
    """A socket on the port asked for, or on the first free one, and settings that name it. Raises NotReady.

    It is ours from here on: no other program can take the port, and the API may restart on it.
    """
    first = settings.api.port if port is None else port
    for candidate in [first] if port is not None else range(first, first + 100):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.api.host, candidate))
            listening.listen(512)
        except OSError:
            listening.close()
            continue
        api = msgspec.structs.replace(settings.api, port=listening.getsockname()[1])
        return msgspec.structs.replace(settings, api=api), listening
    raise NotReady(f"Port {first} is taken." if port is not None else f"No port is free from {first} on.")


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    """Begin to stop; a second signal on the way does not tear the orderly end, which is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
