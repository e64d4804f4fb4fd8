"""Removes what root's engines left behind for temporary data folders that are gone, such as those of tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from kit.embedded.folders import EngineFailed, Folders
from kit.embedded.lock import hold

_AT_ONCE = 2
"""Homes (a thousand files each) removed in one go, so that a supervisor's end stays short."""


def sweep(folders: Folders) -> None:
    """Remove some homes whose data folder lay under the system's temporary folder and vanished."""
    if folders.uid is None:
        return
    for home in islice(_abandoned(folders.home.parent), _AT_ONCE):
        with suppress(EngineFailed, FileNotFoundError):  # still in use, or swept by another just now
            lock = hold(home / "engines.lock", 0)
            shutil.rmtree(home)
            os.close(lock)


def _abandoned(base: Path) -> Iterator[Path]:
    """Other vanished data folders may have been moved, or lie on a disk that is not mounted: not these."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for record in base.glob("*/data_dir"):
        with suppress(FileNotFoundError):
            data_dir = Path(record.read_text().rstrip("\n"))
            if data_dir.is_relative_to(temporary) and not data_dir.exists():
                yield record.parent
