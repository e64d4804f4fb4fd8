"""Files that are whole or not there: written beside, flushed, renamed into place; folders vanish in one step."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from kit.storage.errors import StorageAway

_RETRY_AFTER = 5  # seconds
_TRIES = 5  # a folder may be emptied and removed while something is put into it


class Files:
    """The files below `root`, which only this user may enter (0700, files 0600); drafts lie in a folder beside it."""

    def __init__(self, root: Path, drafts: Path) -> None:
        self._root, self._drafts = root, drafts

    def write(self, path: Path, data: bytes) -> None:
        """Write beside, flush, rename, flush the folder."""
        _make(self._drafts)  # not before: a process may start while the store is away
        draft = self._drafts / f"{uuid4().hex}~"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._rename(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def remove_tree(self, folder: Path) -> None:
        """Take the folder out of sight in one step, then empty it."""
        _make(self._drafts)
        doomed = self._drafts / f"{uuid4().hex}~"
        try:
            folder.rename(doomed)
        except FileNotFoundError:
            return
        shutil.rmtree(doomed)
        self.prune(folder.parent)

    def prune(self, folder: Path) -> None:
        """Remove folders that hold nothing any more, upwards."""
        with contextlib.suppress(OSError):  # the first that still holds something, or is gone already
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent

    def sweep(self, before: float) -> int:
        """Remove drafts that were begun before this time, seconds since 1970; returns how many."""
        _make(self._drafts)
        stale = [draft for draft in self._drafts.iterdir() if _written(draft) < before]
        for draft in stale:
            if draft.is_dir():
                shutil.rmtree(draft)
            else:
                draft.unlink(missing_ok=True)
        return len(stale)

    def check(self) -> None:
        """Write something; raises OSError or StorageAway when it cannot be."""
        self.write(self._drafts / "check", b"")

    def _rename(self, draft: Path, path: Path) -> None:
        for _ in range(_TRIES):
            with contextlib.suppress(FileNotFoundError, FileExistsError):  # both: pruned at this very moment
                _make(path.parent)
                draft.replace(path)
                break
        else:
            raise StorageAway(retry_after=_RETRY_AFTER)
        with contextlib.suppress(FileNotFoundError):  # deleted again already
            _flush(path.parent)


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """A disk that is full, broken or forbidden is a store that is away."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageAway(retry_after=_RETRY_AFTER) from error


def _make(folder: Path) -> None:
    """Create the folder and those above it for this user alone, and make their names last."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(0o700, exist_ok=True)
        _flush(folder.parent)


def _written(draft: Path) -> float:
    """When a draft was begun; never, for one that is in its place by now."""
    try:
        return draft.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _flush(folder: Path) -> None:
    """Write the folder's names to the disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
