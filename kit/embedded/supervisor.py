"""The one process per data folder that owns both engines: `python -m kit.embedded.supervisor DATA_DIR`."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from kit.embedded import binaries
from kit.embedded.child import Launcher, adopt_orphans
from kit.embedded.claim import claim, discard
from kit.embedded.folders import EngineFailed, Folders, locate, prepare, prepare_engines
from kit.embedded.keeper import Keeper
from kit.embedded.lock import hold
from kit.embedded.postgres import Postgres
from kit.embedded.redis import Redis
from kit.embedded.sweep import sweep

_EARLIER_SECONDS = 60.0
"""How long the engines of an earlier supervisor may take to end."""


def main(arguments: list[str] | None = None) -> int:
    """Serve a data folder (the clients start this), or say where its databases lie, or remove them."""
    parser = argparse.ArgumentParser(prog="python -m kit.embedded.supervisor", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--where", action="store_true", help="print where everything lies")
    parser.add_argument("--remove", action="store_true", help="remove its databases for good")
    parser.add_argument("--starting", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.where:
            print(_where(locate(chosen.data_dir)))
        elif chosen.remove:
            discard(chosen.data_dir)
        else:
            _supervise(locate(chosen.data_dir), chosen.starting)
    except EngineFailed as error:
        print(error.detail, file=sys.stderr, flush=True)
        return 1
    return 0


def _where(folders: Folders) -> str:
    names = ("data_dir", "postgres", "redis", "logs", "sockets", "control", "lock")
    return "\n".join(f"{name:9} {getattr(folders, name)}" for name in names)


def _supervise(folders: Folders, starting: int | None) -> None:
    """Take the lock and listen, then let the starting client go on: the child serves, the parent ends.

    `starting` is the client's lock on starting a supervisor, kept until we listen even if the client is killed.
    """
    os.umask(0o077)
    prepare(folders)
    lock = hold(folders.lock, _EARLIER_SECONDS)
    claim(folders)
    prepare_engines(folders)
    programs = binaries.find(folders)
    listener = _listen(folders.control)
    if starting is not None:
        os.close(starting)
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    os.chdir("/")
    _speak_into(folders.logs)
    adopt_orphans()
    launcher = Launcher(folders.uid, lock)
    redis = Redis(folders, launcher, programs.redis)
    Keeper([redis, Postgres(folders, launcher, programs.postgres)], listener).run()
    os.close(lock)
    sweep(folders)


def _listen(control: Path) -> socket.socket:
    control.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(control))
    listener.listen(128)
    return listener


def _speak_into(logs: Path) -> None:
    """Begin each life with fresh logs, keeping those of the last as `*.log.1`."""
    for name in ("supervisor", "redis", "postgres"):
        log = logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
    out = os.open(logs / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.close(out)


if __name__ == "__main__":
    sys.exit(main())
