"""Redis on a unix socket, with an append-only file."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from kit.embedded.child import Launcher
from kit.embedded.engine import Engine
from kit.embedded.folders import Folders


class Redis(Engine):
    """The server; it may lose everything and nothing is lost, but there is no reason to."""

    name = "redis"

    def __init__(self, folders: Folders, launcher: Launcher, program: Path) -> None:
        super().__init__(folders, launcher)
        self.program = program
        self.socket = folders.sockets / "redis.sock"

    def launch(self) -> subprocess.Popen[bytes]:
        self.socket.unlink(missing_ok=True)
        data = self._data()
        options = {
            "port": 0,
            "unixsocket": self.socket,
            "unixsocketperm": 700,
            "dir": data,
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

    def _data(self) -> Path:
        """A folder for each major version, since an older server cannot read a newer one's files."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        major = re.search(r"v=(\d+)\.", said)
        data = self.folders.redis / (major[1] if major else "other")
        data.mkdir(mode=0o700, exist_ok=True)
        if self.folders.uid is not None:
            os.chown(data, self.folders.uid, self.folders.uid, follow_symlinks=False)
        return data

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
