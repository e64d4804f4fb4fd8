"""Ties a data folder to its databases where root keeps them elsewhere, and removes them on request.

The data folder carries `engines.where`, which names the home of its databases; the home carries `data_dir`.
So the databases follow a data folder that was moved, a copy starts with empty ones, and those of a folder
that was removed and made again are set aside in `before` (one generation) instead of coming back.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from kit.embedded.folders import EngineFailed, Folders, locate
from kit.embedded.lock import hold

_HOME = re.compile(r"[0-9a-f]{16}")
_DATABASES = ("postgres", "redis")
_STOPPING_SECONDS = 30.0


def claim(folders: Folders) -> None:
    """Make the databases in `folders` those of its data folder; call with the lock held."""
    if folders.uid is None:
        return
    theirs = folders.data_dir / "postgres"
    if theirs.exists():
        raise EngineFailed(f"{theirs} belongs to uid {theirs.stat().st_uid}: run as that user, not as root")
    earlier = _named_home(folders)
    if earlier is None:
        _set_aside(folders.home)
    elif earlier != folders.home and not _is_copied(folders, earlier):
        _set_aside(folders.home)
        _move_in(earlier, folders.home)
    _marker(folders.data_dir).write_text(f"{folders.home}\n")
    (folders.home / "data_dir").write_text(f"{folders.data_dir}\n")


def discard(data_dir: Path) -> None:
    """Remove the databases of a data folder for good; EngineFailed while they are in use."""
    folders = locate(data_dir)
    if folders.lock.parent.is_dir():
        lock = hold(folders.lock, _STOPPING_SECONDS)
        for name in _DATABASES:
            shutil.rmtree(folders.store / name, ignore_errors=True)
        shutil.rmtree(folders.home, ignore_errors=True)
        folders.lock.unlink(missing_ok=True)
        os.close(lock)
    _marker(folders.data_dir).unlink(missing_ok=True)


def _marker(data_dir: Path) -> Path:
    return data_dir / "engines.where"


def _named_home(folders: Folders) -> Path | None:
    """The home that the data folder names; None when it names none that can be."""
    try:
        name = Path(_marker(folders.data_dir).read_text().strip()).name
    except FileNotFoundError:
        return None
    home = folders.home.with_name(name)
    return home if _HOME.fullmatch(name) and home.is_dir() else None


def _is_copied(folders: Folders, earlier: Path) -> bool:
    """Whether the folder that `earlier` was made for still names it, so that ours is a copy."""
    first = Path((earlier / "data_dir").read_text().rstrip("\n"))
    return first != folders.data_dir and _marker(first).exists()


def _set_aside(home: Path) -> None:
    if not (home / "postgres").exists():
        return
    before = home / "before"
    shutil.rmtree(before, ignore_errors=True)
    before.mkdir(mode=0o700)
    _rename_databases(home, before)


def _move_in(earlier: Path, home: Path) -> None:
    os.close(hold(earlier / "engines.lock", _STOPPING_SECONDS))
    _rename_databases(earlier, home)
    shutil.rmtree(earlier)


def _rename_databases(source: Path, target: Path) -> None:
    for name in _DATABASES:
        if (source / name).exists():
            shutil.rmtree(target / name, ignore_errors=True)
            (source / name).rename(target / name)
