"""From an analysis's row to what the API shows."""

from __future__ import annotations

from modules.analysis.states import AnalysisStatus
from modules.analysis.store import AnalysisRow
from modules.analysis.wire import Analysis, Failed

NO_FACE = "We could not see a face – look straight into the camera, in good light."
_PROGRESS = {AnalysisStatus.QUEUED: 0.0, AnalysisStatus.RUNNING: 0.5}
_WORDS = {"photo_gone": "The photo is no longer there. Please take a new one."}
_FAILED = "We could not work with this photo. Please try another one."


def view(row: AnalysisRow) -> Analysis:
    """Shape an analysis."""
    own, found = f"/v1/photos/{row.photo_id}", row.facts
    nobody = row.status is AnalysisStatus.NOTHING_FOUND
    links = {"self": f"{own}/analysis"}
    return Analysis(
        id=row.id,
        photo_id=row.photo_id,
        status=row.status,
        version=row.version,
        progress=_PROGRESS.get(row.status, 1.0),
        created_at=row.created_at,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        links=links if found is None else {**links, "recommendations": f"{own}/recommendations"},
        retake=nobody or (found is not None and found.quality.retake),
        advice=(NO_FACE,) if nobody else () if found is None else found.quality.advice,
        face=found,
        problem=None
        if row.error_code is None
        else Failed(row.error_code, _WORDS.get(row.error_code, _FAILED)),
    )
