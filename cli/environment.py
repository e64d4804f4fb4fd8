"""Settings from the environment, furnished for as long as a command runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kit import log
from kit.lifeline import die_with_parent
from kit.runtime import furnished
from kit.settings import Settings, read


@contextmanager
def ready(process: str, parent: int | None = None) -> Iterator[Settings]:
    """Furnished settings, with JSON logs on stderr; `parent`: the process that this one must not outlive."""
    if parent is not None:
        die_with_parent(parent=parent)
    settings = read(os.environ)
    log.configure(settings.log.level, process)
    with furnished(settings) as complete:
        yield complete
