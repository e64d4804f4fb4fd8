"""The states of a try-on: queued → running → done, nothing_found, failed or cancelled."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (Status.QUEUED, Status.RUNNING)
