"""From an outcome's row to what the API shows."""

from __future__ import annotations

from statistics import fmean

import msgspec

from modules.outcomes.service import LEAST_VISITS
from modules.outcomes.states import OutcomeStatus
from modules.outcomes.store import Figures, OutcomeRow
from modules.outcomes.wire import (
    NO_PICTURES,
    Closeness,
    DesignAccuracy,
    Outcome,
    OutcomePictures,
    OutcomeProblem,
    OutcomeRegion,
)
from modules.outcomes.worn import on_top

NOTHING_SEEN = "The photo does not show what was worn – take it like the first one, in good light."
_PROGRESS = {OutcomeStatus.QUEUED: 0.0, OutcomeStatus.RUNNING: 0.5}
_WORDS = {
    "photo_gone": "The photo is no longer there. Please take a new one.",
    "preview_gone": "The preview of this appointment is no longer there.",
}
_FAILED = "We could not work with this photo. Please try another one."


def view(row: OutcomeRow, pictures: OutcomePictures = NO_PICTURES) -> Outcome:
    """Shape an outcome."""
    regions = tuple(
        OutcomeRegion(
            **msgspec.structs.asdict(region),
            design_id=on_top(row.worn, region),
            closeness=None if region.delta_e is None else Closeness.of(region.delta_e),
        )
        for region in row.regions or ()
    )
    away = [region.delta_e for region in regions if region.delta_e is not None]
    mean = round(fmean(away), 2) if away else None
    own = f"/v1/bookings/{row.appointment_id}/outcome"
    return Outcome(
        id=row.id,
        booking_id=row.appointment_id,
        photo_id=row.photo_id,
        status=row.status,
        version=row.version,
        progress=_PROGRESS.get(row.status, 1.0),
        compared=len(away),
        mean_delta_e=mean,
        closeness=None if mean is None else Closeness.of(mean),
        regions=regions,
        pictures=pictures,
        advice=(NOTHING_SEEN,) if row.status is OutcomeStatus.NOTHING_FOUND else (),
        problem=None
        if row.error_code is None
        else OutcomeProblem(row.error_code, _WORDS.get(row.error_code, _FAILED)),
        created_at=row.created_at,
        finished_at=row.finished_at,
        links={"self": own, "page": f"{own}/page"},
    )


def accuracy(design_id: str, figures: Figures | None) -> DesignAccuracy:
    """A design's figures; from too few visits, their number alone."""
    visits = 0 if figures is None else figures.visits
    told = figures if figures is not None and visits >= LEAST_VISITS else None
    return DesignAccuracy(
        design_id=design_id,
        visits=visits,
        least_visits=LEAST_VISITS,
        median_delta_e=None if told is None else told.median,
        very_close=None if told is None else told.very_close,
        close=None if told is None else told.close,
    )
