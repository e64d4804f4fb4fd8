"""The one process per data folder that owns both engines: `python -m kit.embedded.supervisor DATA_DIR`.

Clients connect to a control socket and stay connected; each gets one line of JSON, `{}` when both engines
serve or `{"error": words}`. The kernel closes a killed client's connection, so nobody can forget to leave.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path

import psutil

from kit.embedded import binaries
from kit.embedded.child import Launcher, adopt_orphans
from kit.embedded.engine import Engine
from kit.embedded.folders import EngineFailed, Folders, locate, prepare
from kit.embedded.postgres import Postgres
from kit.embedded.redis import Redis

GRACE_SECONDS = 5.0
_LOCK_SECONDS = 60.0
_SLOWEST_RETRY_SECONDS = 5.0
_CALM_SECONDS = 30.0


class Supervisor:
    """Keeps the engines up while somebody is connected."""

    def __init__(self, engines: list[Engine], listener: socket.socket) -> None:
        self.engines = engines
        self.listener = listener
        self.clients: set[socket.socket] = set()
        self.waiting: set[socket.socket] = set()
        self.stopping = False
        self.empty_since = time.monotonic()
        self.started_at = 0.0
        self.failures = 0
        self.retry_at = 0.0
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self._accept)
        self._wake_on_signals()

    def run(self) -> None:
        """Serve until the last client has been gone for GRACE_SECONDS, or SIGTERM; then stop the engines."""
        try:
            while not self._done():
                self._keep_up()
                for key, _ in self.selector.select(self._pause()):
                    key.data(key.fileobj)
        finally:
            self.listener.close()
            for client in self.clients:
                client.close()
            for engine in self.engines:
                engine.ask_to_stop()
            for engine in self.engines:
                engine.stop()

    def _done(self) -> bool:
        return self.stopping or (not self.clients and time.monotonic() - self.empty_since >= GRACE_SECONDS)

    def _pause(self) -> float | None:
        """Seconds until something is due: the end of the grace, or the next try to heal."""
        now = time.monotonic()
        due = [self.empty_since + GRACE_SECONDS] if not self.clients else []
        if not self._all_up():
            due.append(self.retry_at)
        return max(0.0, min(due) - now) if due else None

    def _all_up(self) -> bool:
        return all(engine.up for engine in self.engines)

    def _keep_up(self) -> None:
        """Start what is down; each failure in a row doubles the pause before the next try, up to a bound."""
        now = time.monotonic()
        if not self._all_up():
            if now < self.retry_at:
                return
            first = self.started_at == 0.0
            if not first and now - self.started_at > _CALM_SECONDS:
                self.failures = 0
            self.retry_at = now + min(_SLOWEST_RETRY_SECONDS, 0.1 * 2**self.failures)
            self.failures += 1
            self._end_orphans()
            try:
                for engine in self.engines:
                    if not engine.up:
                        engine.start()
            except EngineFailed as error:
                print(error.detail, file=sys.stderr, flush=True)
                self._answer({"error": error.detail})
                if first:
                    raise
                return
            self.started_at = time.monotonic()
        self._answer({})

    def _end_orphans(self) -> None:
        """Kill what a dead engine left running: the next one could not take its memory over."""
        ours = {engine.process.pid for engine in self.engines if engine.process is not None and engine.up}
        orphans = [child for child in psutil.Process().children() if child.pid not in ours]
        for child in orphans:
            child.kill()
        psutil.wait_procs(orphans, timeout=5)

    def _answer(self, words: dict[str, str]) -> None:
        for client in self.waiting:
            try:
                client.sendall(json.dumps(words).encode() + b"\n")
            except OSError:
                continue  # gone meanwhile: its socket reads as closed
        self.waiting.clear()

    def _accept(self, listener: socket.socket) -> None:
        client, _ = listener.accept()
        self.clients.add(client)
        self.waiting.add(client)
        self.selector.register(client, selectors.EVENT_READ, self._hear)

    def _hear(self, client: socket.socket) -> None:
        """Clients say nothing: whatever can be read is their end."""
        self.selector.unregister(client)
        self.clients.discard(client)
        self.waiting.discard(client)
        client.close()
        if not self.clients:
            self.empty_since = time.monotonic()

    def _wake_on_signals(self) -> None:
        ear, mouth = socket.socketpair()
        ear.setblocking(False)
        mouth.setblocking(False)
        signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        self._mouth = mouth
        self.selector.register(ear, selectors.EVENT_READ, lambda _: ear.recv(64))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopping = True


def hold(lock: Path, seconds: float = _LOCK_SECONDS) -> int:
    """Take the exclusive lock of a data folder; EngineFailed when somebody keeps it for longer."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise EngineFailed(f"another supervisor or its engines still hold {lock}") from None
            time.sleep(0.02)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kit.embedded.supervisor", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--where", action="store_true", help="print where the data lies, start nothing")
    chosen = parser.parse_args(arguments)
    folders = locate(chosen.data_dir)
    if chosen.where:
        print(_where(folders))
        return 0
    try:
        _become_supervisor(folders)
    except EngineFailed as error:
        print(error.detail, file=sys.stderr, flush=True)
        return 1
    return 0


def _where(folders: Folders) -> str:
    names = ("data_dir", "postgres", "redis", "logs", "sockets", "control", "lock")
    return "\n".join(f"{name:9} {getattr(folders, name)}" for name in names)


def _become_supervisor(folders: Folders) -> None:
    """Take the lock and listen, then let the starting client go on: the child serves, the parent ends."""
    prepare(folders)
    lock = hold(folders.lock)
    programs = binaries.find(folders)
    folders.control.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folders.control))
    listener.listen(128)
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    _speak_into(folders.logs)
    adopt_orphans()
    launcher = Launcher(folders.uid, lock)
    redis = Redis(folders, launcher, programs.redis)
    Supervisor([redis, Postgres(folders, launcher, programs.postgres)], listener).run()


def _speak_into(logs: Path) -> None:
    """Begin each life with fresh logs, keeping the last one's as `*.log.1`."""
    for name in ("supervisor", "redis", "postgres"):
        log = logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
    out = os.open(logs / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.close(out)


if __name__ == "__main__":
    sys.exit(main())
