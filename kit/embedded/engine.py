"""What PostgreSQL and Redis have in common for their supervisor."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from kit.embedded.child import Launcher, tail
from kit.embedded.folders import EngineFailed, Folders

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


class Engine(ABC):
    """One server process on a unix socket."""

    name: str

    def __init__(self, folders: Folders, launcher: Launcher) -> None:
        self.folders = folders
        self.launcher = launcher
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folders.logs / f"{self.name}.log"

    @property
    def up(self) -> bool:
        """Whether the process runs; also reaps it when it does not."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Launch and wait until it serves; raises EngineFailed with its last log lines."""
        self.process = self.launch()
        deadline = time.monotonic() + _START_SECONDS
        while not self.serves():
            if self.process.poll() is not None:
                raise EngineFailed(f"{self.name} ended with {self.process.returncode}:\n{tail(self.log)}")
            if time.monotonic() > deadline:
                self.process.kill()
                raise EngineFailed(
                    f"{self.name} was not ready after {_START_SECONDS:.0f} s:\n{tail(self.log)}"
                )
            time.sleep(0.01)
        self.settle()

    def stop(self) -> None:
        """Wait for an orderly end after `ask_to_stop`, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @abstractmethod
    def launch(self) -> subprocess.Popen[bytes]:
        """Start the process; everything of an earlier one is already gone."""

    @abstractmethod
    def serves(self) -> bool:
        """Whether it takes connections now."""

    @abstractmethod
    def settle(self) -> None:
        """Make what has to exist inside before anyone connects."""

    @abstractmethod
    def ask_to_stop(self) -> None:
        """Ask for an orderly end that keeps everything; returns at once."""
