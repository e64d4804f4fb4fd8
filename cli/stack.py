"""Runs the service's processes together.

Starts them, reads their logs, restarts what falls over, stops them in order.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from kit.exposition import gathering
from kit.outbox.queues import CPU, GPU
from kit.settings import ROOT, Settings, environment

SERVICES: tuple[tuple[str, ...], ...] = (
    ("api",),
    ("relay",),
    ("scheduler",),
    ("worker", "--queue", GPU),
    ("worker", "--queue", CPU),
)
_HEALTHY_S = 10.0
_MAX_DELAY_S = 10.0
_KILL_AFTER_S = 40.0

Line = Callable[[str, str], None]
"""Called with a service's name and one line of its log."""


@dataclass
class Service:
    """One child process and how often it fell over lately."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[str]
    started: float = field(default_factory=time.monotonic)
    falls: int = 0
    restart_at: float | None = None


class Stack:
    """The running services. Not thread-safe; `watch` is called from one place again and again."""

    def __init__(
        self,
        settings: Settings,
        listening: socket.socket,
        on_line: Line,
        services: Sequence[tuple[str, ...]] = SERVICES,
    ) -> None:
        self._environment = {**_clean_environment(), **environment(settings)}
        self._listening = listening
        self._on_line = on_line
        self.services = [self._start(command) for command in services]

    def watch(self) -> None:
        """Restart services that ended, each after a growing delay."""
        for service in self.services:
            if service.process.poll() is None:
                continue
            now = time.monotonic()
            if service.restart_at is None:
                service.falls = 0 if now - service.started > _HEALTHY_S else service.falls + 1
                service.restart_at = now + min(0.2 * 2**service.falls, _MAX_DELAY_S)
                self._on_line(service.name, f"ended with code {service.process.returncode}, starts again")
            elif now >= service.restart_at:
                service.process = self._spawn(service.name, service.command)
                service.started, service.restart_at = now, None

    def stop(self) -> None:
        """Let every service finish what it is doing, the API first: its callers may wait for the others."""
        self._end([service for service in self.services if service.name == "api"])
        self._end(self.services)

    def _end(self, services: Sequence[Service]) -> None:
        """Ask them to end, then make sure that they are gone."""
        for service in services:
            if service.process.poll() is None:
                service.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _KILL_AFTER_S
        for service in services:
            try:
                service.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(service.process.pid, signal.SIGKILL)
                service.process.wait()

    def _start(self, command: tuple[str, ...]) -> Service:
        name = "-".join(word for word in command if not word.startswith("--"))
        return Service(name, command, self._spawn(name, command))

    def _spawn(self, name: str, command: tuple[str, ...]) -> subprocess.Popen[str]:
        # A group of its own: Ctrl-C reaches us only, and we tell the services, once.
        descriptor = self._listening.fileno() if name == "api" else None
        own = () if descriptor is None else ("--socket", str(descriptor))
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *command, *own, "--parent", str(os.getpid())],
            pass_fds=() if descriptor is None else (descriptor,),
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(name, process), daemon=True).start()
        return process

    def _read(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._on_line(name, line.rstrip("\n"))


@contextmanager
def running(
    settings: Settings,
    listening: socket.socket,
    on_line: Line,
    services: Sequence[tuple[str, ...]] = SERVICES,
) -> Iterator[Stack]:
    """The services of furnished settings, the API on this socket, stopped when the block ends."""
    with gathering(settings) as settings:
        stack = Stack(settings, listening, on_line, services)
        try:
            yield stack
        finally:
            stack.stop()


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
