"""SQL of analyses."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.analysis.facts import FaceFacts
from modules.analysis.states import AnalysisStatus
from modules.analysis.tables import analyses


class AnalysisRow(Struct, frozen=True):
    """An analysis of a photo that is still there."""

    id: str
    customer_id: str
    photo_id: str
    status: AnalysisStatus
    version: int
    facts: FaceFacts | None
    error_code: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


_COLUMNS = [analyses.c[name] for name in AnalysisRow.__struct_fields__]
_OPEN = (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)
_LIVE = analyses.c.expires_at > func.now()


async def queue(
    unit: Unit, analysis_id: str, customer_id: str, photo_id: str, expires_at: datetime
) -> AnalysisRow | None:
    """Begin the analysis of a photo, or begin a failed one again under a new id; None when there is one already."""
    values = {
        "id": analysis_id,
        "business_id": unit.business_id,
        "customer_id": customer_id,
        "photo_id": photo_id,
        "status": AnalysisStatus.QUEUED,
        "expires_at": expires_at,
    }
    anew = {"id": analysis_id, "status": AnalysisStatus.QUEUED, "error_code": None, "finished_at": None}
    row = await unit.one_or_none(
        upsert(analyses)
        .values(values)
        .on_conflict_do_update(
            index_elements=["business_id", "photo_id"],
            set_={**anew, "created_at": func.now(), "version": analyses.c.version + 1},
            where=analyses.c.status == AnalysisStatus.FAILED,
        )
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, AnalysisRow)


async def of_photo(unit: Unit, photo_id: str) -> AnalysisRow | None:
    """The analysis of a photo whose time is not over."""
    row = await unit.one_or_none(select(*_COLUMNS).where(analyses.c.photo_id == photo_id, _LIVE))
    return None if row is None else shaped(row, AnalysisRow)


async def find(unit: Unit, analysis_id: str) -> AnalysisRow | None:
    row = await unit.one_or_none(select(*_COLUMNS).where(analyses.c.id == analysis_id, _LIVE))
    return None if row is None else shaped(row, AnalysisRow)


async def start(unit: Unit, analysis_id: str) -> AnalysisRow | None:
    """Set an analysis running; None when it has ended or is gone. A second attempt starts a running one again."""
    row = await unit.one_or_none(
        update(analyses)
        .where(analyses.c.id == analysis_id, analyses.c.status.in_(_OPEN))
        .values(status=AnalysisStatus.RUNNING, version=analyses.c.version + 1)
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, AnalysisRow)


async def end(
    unit: Unit,
    analysis_id: str,
    status: AnalysisStatus,
    *,
    facts: FaceFacts | None = None,
    error_code: str | None = None,
) -> AnalysisRow | None:
    """Write an analysis's last state; None when it had ended or is gone."""
    row = await unit.one_or_none(
        update(analyses)
        .where(analyses.c.id == analysis_id, analyses.c.status.in_(_OPEN))
        .values(
            status=status,
            version=analyses.c.version + 1,
            facts=None if facts is None else msgspec.to_builtins(facts),
            error_code=error_code,
            finished_at=func.now(),
        )
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, AnalysisRow)


async def forget_photo(unit: Unit, photo_id: str) -> None:
    """Delete what a photo told."""
    await unit.execute(delete(analyses).where(analyses.c.photo_id == photo_id))


async def forget_customer(unit: Unit, customer_id: str) -> list[str]:
    """Delete what all photos of a customer told; returns the ids."""
    rows = await unit.all(
        delete(analyses).where(analyses.c.customer_id == customer_id).returning(analyses.c.id)
    )
    return sorted(row.id for row in rows)


async def of_customer(unit: Unit, customer_id: str) -> list[AnalysisRow]:
    """A customer's analyses, oldest first."""
    rows = await unit.all(
        select(*_COLUMNS).where(analyses.c.customer_id == customer_id).order_by(analyses.c.id)
    )
    return [shaped(row, AnalysisRow) for row in rows]
