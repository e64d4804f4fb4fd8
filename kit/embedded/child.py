"""Starts programs that die with the supervisor and keep its lock until they are really gone."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.embedded.folders import EngineFailed

_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Launcher:
    """uid: whom the programs run as (None: us); lock: descriptor that each of them inherits."""

    uid: int | None
    lock: int

    def start(
        self, command: Sequence[str | Path], log: Path, death: signal.Signals, uid: int | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program that gets the signal `death` when we die; its words are appended to `log`."""
        uid = self.uid if uid is None else uid
        with log.open("ab") as out:
            try:
                return subprocess.Popen(
                    [os.fspath(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    cwd="/",
                    env=_ENVIRONMENT,
                    umask=0o077,
                    user=uid,
                    group=uid,
                    extra_groups=None if uid is None else [],
                    pass_fds=[self.lock],
                    start_new_session=True,
                    preexec_fn=_die_with(os.getpid(), death),
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise EngineFailed(f"{command[0]} cannot be started: {error}") from error


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent dies (a killed postmaster's backends)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _die_with(parent: int, death: signal.Signals) -> Callable[[], None]:
    """Runs in the child after it dropped its uid, which would clear the death signal."""

    def arm() -> None:
        _prctl(_PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:
            os._exit(1)

    return arm


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, at most 8 KiB of them."""
    if not log.exists():
        return f"({log} is missing)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
