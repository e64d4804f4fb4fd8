"""Where everything of one data folder lies; sockets get a short path, because Linux allows them 107 bytes.

             run by a plain user            run by root (PostgreSQL refuses root)
data         DATA_DIR/{postgres,redis}      /var/lib/vernis/<hash>/{postgres,redis}, owned by ENGINE_UID
logs         DATA_DIR/logs                  DATA_DIR/logs
sockets      /var/tmp/vernis-<uid>/<hash>   /var/lib/vernis/<hash>
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Broken

ROOT_BASE = Path("/var/lib/vernis")
ENGINE_UID = 60801
"""Unprivileged and nobody's: systemd's table of uids leaves 60578 to 61183 unused; user namespaces map it."""


class EngineFailed(Broken):
    """An embedded engine could not be started or reached; the detail ends with its last log lines."""

    code = "engine_failed"


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths of one data folder, and the uid that its engines run under (None: our own)."""

    data_dir: Path
    home: Path
    store: Path
    uid: int | None

    @property
    def lock(self) -> Path:
        """Held by the supervisor and by every process of its engines."""
        return self.store / "engines.lock"

    @property
    def starting(self) -> Path:
        """Held by the client that starts a supervisor."""
        return self.home / "starting.lock"

    @property
    def control(self) -> Path:
        return self.home / "control"

    @property
    def sockets(self) -> Path:
        return self.home / "run"

    @property
    def postgres(self) -> Path:
        return self.store / "postgres"

    @property
    def redis(self) -> Path:
        return self.store / "redis"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"


def locate(data_dir: Path) -> Folders:
    """The folders of `data_dir` for whoever runs this process; touches nothing."""
    data_dir = data_dir.resolve()
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    uid = os.geteuid()
    if uid == 0:
        return Folders(data_dir, ROOT_BASE / name, ROOT_BASE / name, ENGINE_UID)
    return Folders(data_dir, Path("/var/tmp") / f"vernis-{uid}" / name, data_dir, None)


def prepare(folders: Folders) -> None:
    """Make what is missing, and refuse a folder that somebody else may have put in our way."""
    own = 0o700 if folders.uid is None else 0o711
    try:
        folders.logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineFailed(f"cannot make {folders.logs}: {error}") from error
    _private(folders.home.parent, own)
    _private(folders.home, own)


def prepare_engines(folders: Folders) -> None:
    """Make what the engines write to; only the supervisor does, with the lock held."""
    for engine_folder in (folders.sockets, folders.redis):
        _private(engine_folder, 0o700, folders.uid)


def _private(path: Path, mode: int, uid: int | None = None) -> None:
    """A real folder of this mode and owner (None: our own)."""
    try:
        path.mkdir(mode=mode)
        path.chmod(mode)
        if uid is not None:
            os.chown(path, uid, uid, follow_symlinks=False)
    except FileExistsError:
        pass
    except OSError as error:
        raise EngineFailed(f"cannot make {path}: {error}") from error
    found = path.lstat()
    wanted = os.geteuid() if uid is None else uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted or found.st_mode & 0o022:
        raise EngineFailed(
            f"{path} must be a folder of uid {wanted} that nobody else may write to; remove it"
        )
