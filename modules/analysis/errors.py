"""What can go wrong with analyses."""

from __future__ import annotations

from kit.errors import Conflict, NotFound


class UnknownAnalysis(NotFound):
    code, public = "unknown_analysis", "This photo has not been looked at. Please ask for its analysis first."


class AnalysisNotReady(Conflict):
    """It is still under way, or it failed."""

    code, public = "analysis_not_ready", "The photo has not been looked at yet. Please come back in a moment."


class NoFaceSeen(Conflict):
    """There is no face in the photo, or too little of its skin to go by."""

    code = "no_face_seen"
    public = "We could not see enough of a face in this photo. Please take another one."
