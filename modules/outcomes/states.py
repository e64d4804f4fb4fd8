"""The states of a comparison: queued → running → done, nothing_found or failed."""

from __future__ import annotations

from enum import StrEnum


class OutcomeStatus(StrEnum):
    """nothing_found: the photo shows no nails, lips or hair where the look has some."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (OutcomeStatus.QUEUED, OutcomeStatus.RUNNING)
