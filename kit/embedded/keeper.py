"""Keeps the engines up while somebody is connected, and stops them soon after."""

from __future__ import annotations

import json
import selectors
import signal
import socket
import sys
import time
from collections.abc import Sequence

import psutil

from kit.embedded.engine import Engine
from kit.embedded.folders import EngineFailed

GRACE_SECONDS = 5.0
_SLOWEST_RETRY_SECONDS = 5.0
_CALM_SECONDS = 30.0


class Keeper:
    """Clients connect and stay connected; each gets one line of JSON, `{}` when both engines serve or
    `{"error": words}`. The kernel closes a killed client's connection, so nobody can forget to leave."""

    def __init__(self, engines: Sequence[Engine], listener: socket.socket) -> None:
        self._engines = engines
        self._listener = listener
        self._clients: set[socket.socket] = set()
        self._waiting: set[socket.socket] = set()
        self._empty_since = time.monotonic()
        self._started_at: float | None = None
        self._retry_at = 0.0
        self._failures = 0
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._wake_on_signals()

    def run(self) -> None:
        """Serve until nobody has been connected for GRACE_SECONDS, or SIGTERM; then stop the engines.

        Raises EngineFailed when they cannot be started at all; later failures are tried again and again.
        """
        try:
            while not self._done():
                for key, _ in self._selector.select(self._pause()):
                    key.data(key.fileobj)
                if self._clients:
                    self._keep_up()
        finally:
            self._listener.close()
            for client in self._clients:
                client.close()
            for engine in self._engines:
                engine.ask_to_stop()
            for engine in self._engines:
                engine.stop()

    def _done(self) -> bool:
        alone = not self._clients and time.monotonic() - self._empty_since >= GRACE_SECONDS
        return self._stopping or alone

    def _pause(self) -> float | None:
        """Seconds until something is due: the end of the grace, or the next try to heal."""
        if not self._clients:
            return max(0.0, self._empty_since + GRACE_SECONDS - time.monotonic())
        return None if self._all_up() else max(0.0, self._retry_at - time.monotonic())

    def _all_up(self) -> bool:
        return all(engine.up for engine in self._engines)

    def _keep_up(self) -> None:
        """Start what is down, unless the last try was just now, and tell those who wait."""
        if not self._all_up():
            if time.monotonic() < self._retry_at:
                return
            self._slow_down()
            try:
                self._start()
            except EngineFailed as error:
                print(error.detail, file=sys.stderr, flush=True)
                self._answer({"error": error.detail})
                if self._started_at is None:
                    raise
                return
        self._answer({})

    def _slow_down(self) -> None:
        """Each start soon after another doubles the pause before the next, up to a bound."""
        now = time.monotonic()
        if self._started_at is not None and now - self._started_at > _CALM_SECONDS:
            self._failures = 0
        self._retry_at = now + min(_SLOWEST_RETRY_SECONDS, 0.1 * 2**self._failures)
        self._failures = min(self._failures + 1, 10)

    def _start(self) -> None:
        self._end_orphans()
        for engine in self._engines:
            if not engine.up:
                engine.start()
        self._started_at = time.monotonic()

    def _end_orphans(self) -> None:
        """Kill what a dead postmaster left running: the next one refuses to start beside its backends."""
        ours = {engine.process.pid for engine in self._engines if engine.process is not None and engine.up}
        orphans = [child for child in psutil.Process().children() if child.pid not in ours]
        for child in orphans:
            child.kill()
        psutil.wait_procs(orphans, timeout=5)

    def _answer(self, words: dict[str, str]) -> None:
        line = json.dumps(words).encode() + b"\n"
        for client in self._waiting:
            try:
                client.sendall(line)
            except OSError:
                continue  # gone meanwhile: its end is read below
        self._waiting.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except BlockingIOError:
                return
            self._clients.add(client)
            self._waiting.add(client)
            self._selector.register(client, selectors.EVENT_READ, self._part)

    def _part(self, client: socket.socket) -> None:
        """Clients say nothing: whatever can be read is their end."""
        self._selector.unregister(client)
        self._clients.discard(client)
        self._waiting.discard(client)
        client.close()
        if not self._clients:
            self._empty_since = time.monotonic()

    def _wake_on_signals(self) -> None:
        """Let SIGCHLD, SIGTERM and SIGINT end the selector's wait."""
        ear, self._mouth = socket.socketpair()
        ear.setblocking(False)
        self._mouth.setblocking(False)
        self._selector.register(ear, selectors.EVENT_READ, lambda _: ear.recv(64))
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self._stopping = True
