"""SQL of outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Float, case, cast, func, insert, or_, select, update

from kit.db.shape import shaped
from kit.db.turn import take_turn
from kit.db.unit import Unit
from looks.compared import Region
from modules.outcomes.states import OutcomeStatus
from modules.outcomes.tables import outcomes
from modules.outcomes.worn import CLOSE, VERY_CLOSE, Worn


class OutcomeRow(Struct, frozen=True):
    """An outcome that is not erased. by_design: mean ΔE00 of each design; picture: a key, None where none is kept."""

    id: str
    customer_id: str
    appointment_id: str
    tryon_id: str
    look: int
    preview_photo_id: str
    photo_id: str
    worn: tuple[Worn, ...]
    status: OutcomeStatus
    version: int
    regions: tuple[Region, ...] | None
    by_design: dict[str, float]
    picture: str | None
    error_code: str | None
    created_at: datetime
    finished_at: datetime | None


class Figures(Struct, frozen=True):
    """Of one design: visits that were compared, their median ΔE00, and shares of them up to two bounds."""

    design_id: str
    visits: int
    median: float
    very_close: float
    close: float


_COLUMNS = [outcomes.c[name] for name in OutcomeRow.__struct_fields__]
_OPEN = (OutcomeStatus.QUEUED, OutcomeStatus.RUNNING)
_THERE = outcomes.c.erased_at.is_(None)


async def insert_outcome(
    unit: Unit,
    outcome_id: str,
    customer_id: str,
    appointment_id: str,
    tryon_id: str,
    look: int,
    preview_photo_id: str,
    photo_id: str,
    worn: Sequence[Worn],
) -> OutcomeRow:
    row = await unit.one_or_none(
        insert(outcomes)
        .values(
            id=outcome_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            appointment_id=appointment_id,
            tryon_id=tryon_id,
            look=look,
            preview_photo_id=preview_photo_id,
            photo_id=photo_id,
            worn=msgspec.to_builtins(worn),
            status=OutcomeStatus.QUEUED,
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return shaped(row, OutcomeRow)


async def of_appointment(unit: Unit, appointment_id: str, *, turn: bool = False) -> OutcomeRow | None:
    """turn: nobody else attaches a photo to the appointment before this unit ends."""
    if turn:
        await take_turn(unit, "outcome", appointment_id)
    row = await unit.one_or_none(select(*_COLUMNS).where(outcomes.c.appointment_id == appointment_id, _THERE))
    return None if row is None else shaped(row, OutcomeRow)


async def find(unit: Unit, outcome_id: str) -> OutcomeRow | None:
    row = await unit.one_or_none(select(*_COLUMNS).where(outcomes.c.id == outcome_id, _THERE))
    return None if row is None else shaped(row, OutcomeRow)


async def start(unit: Unit, outcome_id: str) -> OutcomeRow | None:
    """Set a comparison running; None when it has ended or is erased. A second attempt starts a running one again."""
    row = await unit.one_or_none(
        update(outcomes)
        .where(outcomes.c.id == outcome_id, outcomes.c.status.in_(_OPEN), _THERE)
        .values(status=OutcomeStatus.RUNNING, version=outcomes.c.version + 1)
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, OutcomeRow)


async def end(
    unit: Unit,
    outcome_id: str,
    status: OutcomeStatus,
    *,
    regions: Sequence[Region] | None = None,
    by_design: Mapping[str, float] | None = None,
    picture: str | None = None,
    error_code: str | None = None,
) -> OutcomeRow | None:
    """Write a comparison's last state; None when it had ended or is erased."""
    row = await unit.one_or_none(
        update(outcomes)
        .where(outcomes.c.id == outcome_id, outcomes.c.status.in_(_OPEN), _THERE)
        .values(
            status=status,
            version=outcomes.c.version + 1,
            regions=None if regions is None else msgspec.to_builtins(regions),
            by_design=dict(by_design or {}),
            picture=picture,
            error_code=error_code,
            finished_at=func.now(),
        )
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, OutcomeRow)


async def erase(unit: Unit, outcome_id: str) -> bool:
    """Turn an outcome's row into its tombstone; False when it was one already."""
    erased = await unit.execute(
        update(outcomes)
        .where(outcomes.c.id == outcome_id, _THERE)
        .values(
            erased_at=func.now(),
            worn=[],
            regions=None,
            by_design={},
            picture=None,
            version=outcomes.c.version + 1,
            status=case((outcomes.c.status.in_(_OPEN), OutcomeStatus.FAILED.value), else_=outcomes.c.status),
        )
    )
    return erased.rowcount == 1


async def drop_picture(unit: Unit, outcome_id: str) -> bool:
    """Forget an outcome's picture; False when it shows none."""
    dropped = await unit.execute(
        update(outcomes)
        .where(outcomes.c.id == outcome_id, outcomes.c.picture.is_not(None))
        .values(picture=None, version=outcomes.c.version + 1)
    )
    return dropped.rowcount == 1


async def of_photos(unit: Unit, photo_ids: Collection[str]) -> list[OutcomeRow]:
    """Those in which any of these photos is compared, as the result or under the preview."""
    compared = or_(outcomes.c.photo_id.in_(photo_ids), outcomes.c.preview_photo_id.in_(photo_ids))
    rows = await unit.all(select(*_COLUMNS).where(compared, _THERE).order_by(outcomes.c.id))
    return [shaped(row, OutcomeRow) for row in rows]


async def of_customer(unit: Unit, customer_id: str) -> list[OutcomeRow]:
    """A customer's outcomes that are not erased, oldest first."""
    rows = await unit.all(
        select(*_COLUMNS).where(outcomes.c.customer_id == customer_id, _THERE).order_by(outcomes.c.id)
    )
    return [shaped(row, OutcomeRow) for row in rows]


async def ids_of_customer(unit: Unit, customer_id: str) -> list[str]:
    """Ids of all of a customer's outcomes, erased ones too."""
    rows = await unit.all(
        select(outcomes.c.id).where(outcomes.c.customer_id == customer_id).order_by(outcomes.c.id)
    )
    return [row.id for row in rows]


async def pictures(unit: Unit, outcome_ids: Collection[str]) -> set[str]:
    """Keys of the pictures that these outcomes show."""
    rows = await unit.all(
        select(outcomes.c.picture).where(outcomes.c.id.in_(outcome_ids), outcomes.c.picture.is_not(None))
    )
    return {row.picture for row in rows}


async def figures(unit: Unit, design_ids: Collection[str] | None, *, least: int = 1) -> list[Figures]:
    """How near designs came, of those with so many visits at least, the farthest off first; None for every design."""
    shade = func.jsonb_each_text(outcomes.c.by_design).table_valued("key", "value").lateral("shade")
    away = cast(shade.c.value, Float)
    visits, median = func.count(), func.percentile_cont(0.5).within_group(away)
    query = (
        select(
            shade.c.key.label("design_id"),
            visits.label("visits"),
            median.label("median"),
            func.avg(case((away <= VERY_CLOSE, 1.0), else_=0.0)).label("very_close"),
            func.avg(case((away <= CLOSE, 1.0), else_=0.0)).label("close"),
        )
        .select_from(outcomes)
        .join(shade, onclause=_THERE & ~outcomes.c.test)
        .group_by(shade.c.key)
        .having(visits >= least)
        .order_by(median.desc(), shade.c.key)
    )
    rows = await unit.all(query if design_ids is None else query.where(shade.c.key.in_(design_ids)))
    return [
        Figures(
            row.design_id,
            row.visits,
            round(float(row.median), 2),
            round(float(row.very_close), 3),
            round(float(row.close), 3),
        )
        for row in rows
    ]
