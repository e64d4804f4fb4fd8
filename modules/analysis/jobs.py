"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command


class AnalysePhoto(Command, frozen=True):
    """Look at the face in a photo."""

    kind: ClassVar[str] = "analysis.analyse"
    queue: ClassVar[str] = "gpu"
    analysis_id: str


class GiveUpAnalysis(Command, frozen=True):
    """Tell the customer that an analysis killed every worker that took it."""

    kind: ClassVar[str] = "analysis.give_up"
    analysis_id: str


class ForgetAnalysisOfPhoto(Command, frozen=True):
    """Delete what a photo told, when it is erased or its time is over."""

    kind: ClassVar[str] = "analysis.forget_photo"
    photo_id: str
