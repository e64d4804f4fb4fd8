"""Redis on a unix socket, with an append-only file."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

from kit.embedded.child import Launcher
from kit.embedded.engine import Engine
from kit.embedded.folders import Folders


class Redis(Engine):
    name = "redis"

    def __init__(self, folders: Folders, launcher: Launcher, program: Path) -> None:
        super().__init__(folders, launcher)
        self.program = program
        self.socket = folders.sockets / "redis.sock"

    def launch(self) -> subprocess.Popen[bytes]:
        self.socket.unlink(missing_ok=True)
        options = {
            "port": 0,
            "unixsocket": self.socket,
            "unixsocketperm": 700,
            "dir": self.folders.redis,
            "appendonly": "yes",
            "save": "",
            "loglevel": "notice",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        # SIGKILL loses nothing that was answered: the append-only file is written before each reply
        return self.launcher.start([self.program, *words], self.log, signal.SIGKILL)

    def serves(self) -> bool:
        return self._say(b"PING\r\n") == b"+PONG\r\n"

    def settle(self) -> None:
        """Nothing has to exist in Redis."""

    def ask_to_stop(self) -> None:
        if self.up and self._say(b"SHUTDOWN SAVE\r\n") is None:
            assert self.process is not None
            self.process.terminate()

    def _say(self, command: bytes) -> bytes | None:
        """The reply to an inline command, empty when the server closed; None when it cannot be reached."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            try:
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(64)
            except OSError:
                return None
