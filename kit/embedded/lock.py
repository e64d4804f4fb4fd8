"""Exclusive locks that the kernel releases when their last holder is gone, however it ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from kit.embedded.folders import EngineFailed


def hold(path: Path, seconds: float) -> int:
    """A descriptor that holds the lock until it and every inherited copy are closed.

    Raises EngineFailed when another process keeps the lock for longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _still_there(path, descriptor):
                return descriptor
        except BlockingIOError:
            pass  # somebody has it: wait below
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if time.monotonic() > deadline:
            raise EngineFailed(f"another process has held {path} for {seconds:.0f} s")
        time.sleep(0.02)


def _still_there(path: Path, descriptor: int) -> bool:
    """Whether the path still names the file that we locked, and not one made after a removal."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
