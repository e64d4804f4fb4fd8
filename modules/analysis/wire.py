"""Analyses and recommendations as the API shows them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from modules.analysis.facts import FaceFacts
from modules.analysis.states import AnalysisStatus
from modules.catalog.shelf import DesignKind
from modules.catalog.wire import DesignView


class Failed(Struct, frozen=True):
    """Why a photo could not be analysed."""

    code: str
    message: str


class Analysis(Struct, frozen=True):
    """What a photo tells of its largest face, when status is `done`; it goes when the photo goes.

    progress: 0 to 1; advice: how to take a better photo, gravest first; retake: whether one is worth while.
    """

    id: str
    photo_id: str
    status: AnalysisStatus
    version: int
    progress: float
    created_at: datetime
    expires_at: datetime
    links: dict[str, str]
    retake: bool = False
    advice: tuple[str, ...] = ()
    face: FaceFacts | None = None
    problem: Failed | None = None
    finished_at: datetime | None = None


class Recommendation(Struct, frozen=True):
    """A design that suits the face. score: 0 to 1; distance: ΔE00 to the skin, of foundations only."""

    design: DesignView
    score: float
    reason: str
    distance: float | None = None


class Recommendations(Struct, frozen=True):
    """Best first. confidence: how sure the analysis is of the undertone that they were chosen by, 0 to 1."""

    kind: DesignKind
    confidence: float
    items: tuple[Recommendation, ...]
