"""What the rest of Vernis uses: engines that run while somebody holds a lease on their data folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import kit
from kit.embedded.child import tail
from kit.embedded.folders import EngineFailed, Folders, locate, prepare
from kit.embedded.lock import hold
from kit.embedded.postgres import DATABASE, PORT

_READY_SECONDS = 120.0
_ATTEMPTS = 5
"""A supervisor that is just leaving closes without a word; its successor answers the next attempt."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the running engines listen; only this user (and root) can connect."""

    postgres_socket_dir: Path
    postgres_port: int
    redis_socket: Path

    def postgres_url(
        self, role: str = "vernis_app", database: str = DATABASE, driver: str = "postgresql+asyncpg"
    ) -> str:
        """An SQLAlchemy URL over the unix socket, without a password."""
        return f"{driver}://{role}@/{database}?host={self.postgres_socket_dir}&port={self.postgres_port}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.redis_socket}"


class Lease:
    """Keeps the engines running until it is closed or its process ends, however that happens."""

    def __init__(self, engines: Engines, line: socket.socket) -> None:
        self.engines = engines
        self._line = line

    def close(self) -> None:
        """Let go; the engines stop some seconds after the last lease. Repeats are harmless."""
        self._line.close()


@contextmanager
def engines(data_dir: Path) -> Iterator[Engines]:
    """Both engines of a data folder, running for as long as the block."""
    lease = connect(data_dir)
    try:
        yield lease.engines
    finally:
        lease.close()


def connect(data_dir: Path) -> Lease:
    """Join the engines of a data folder, starting them when nobody has; blocks until both serve.

    Raises EngineFailed with the engine's last log lines, NoEngine on a platform that has none.
    """
    folders = locate(data_dir)
    prepare(folders)  # also refuses a forged folder before we talk into it
    for _ in range(_ATTEMPTS):
        line = _dial(folders) or _dial_or_start(folders)
        line.settimeout(_READY_SECONDS)
        answer = _answer(line)
        if answer == {}:
            return Lease(Engines(folders.sockets, PORT, folders.sockets / "redis.sock"), line)
        line.close()
        if answer is not None:
            raise EngineFailed(answer["error"])
    log = folders.logs / "supervisor.log"
    raise EngineFailed(f"the supervisor left {_ATTEMPTS} times without an answer:\n{tail(log)}")


def _dial(folders: Folders) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(folders.control))
    except (FileNotFoundError, ConnectionRefusedError):
        line.close()
        return None
    return line


def _dial_or_start(folders: Folders) -> socket.socket:
    """Elect one starter by a lock; the others find its supervisor listening when they get theirs."""
    lock = hold(folders.starting, _READY_SECONDS)
    try:
        line = _dial(folders)
        if line is None:
            _start_supervisor(folders, lock)
            line = _dial(folders)
    finally:
        os.close(lock)
    if line is None:
        raise EngineFailed(f"the supervisor of {folders.data_dir} ended at once, see {folders.logs}")
    return line


def _start_supervisor(folders: Folders, lock: int) -> None:
    """Returns when it listens; the process that we start ends and leaves a detached child behind."""
    program = [sys.executable, "-B", "-m", "kit.embedded.supervisor"]
    done = subprocess.run(
        [*program, "--starting", str(lock), str(folders.data_dir)],
        cwd=Path(kit.__file__).parents[1],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        pass_fds=[lock],
        check=False,
    )
    if done.returncode != 0:
        raise EngineFailed(done.stderr.strip())


def _answer(line: socket.socket) -> dict[str, str] | None:
    """The supervisor's one line; None when it closed without a word."""
    said = b""
    while not said.endswith(b"\n"):
        try:
            part = line.recv(65536)
        except ConnectionResetError:
            return None
        except TimeoutError:
            return {"error": "the supervisor does not answer"}
        if not part:
            return None
        said += part
    answer: dict[str, str] = json.loads(said)
    return answer
