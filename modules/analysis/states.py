"""The states of an analysis: queued → running → done, nothing_found or failed."""

from __future__ import annotations

from enum import StrEnum


class AnalysisStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)
