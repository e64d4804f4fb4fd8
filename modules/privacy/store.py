"""SQL of erasures and exports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import func, insert, select, update

from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.privacy.tables import erasures, exports
from modules.privacy.wire import ExportStatus


class ErasureRow(Struct, frozen=True):
    """An erasure. customer_id: None once it is done."""

    id: str
    customer_id: str | None
    subject_sha256: str
    asked_by: str
    erased: dict[str, int]
    created_at: datetime
    finished_at: datetime | None
    receipt_sha256: str | None


class ExportRow(Struct, frozen=True):
    """An export of what is kept of a customer."""

    id: str
    customer_id: str
    status: ExportStatus
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None
    size_bytes: int | None


_ERASURE = [erasures.c[name] for name in ErasureRow.__struct_fields__]
_EXPORT = [exports.c[name] for name in ExportRow.__struct_fields__]


async def insert_erasure(
    unit: Unit, erasure_id: str, customer_id: str, subject_sha256: str, asked_by: str
) -> ErasureRow:
    row = await unit.one_or_none(
        insert(erasures)
        .values(
            id=erasure_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            subject_sha256=subject_sha256,
            asked_by=asked_by,
        )
        .returning(*_ERASURE)
    )
    assert row is not None
    return shaped(row, ErasureRow)


async def find_erasure(unit: Unit, erasure_id: str) -> ErasureRow | None:
    row = await unit.one_or_none(select(*_ERASURE).where(erasures.c.id == erasure_id))
    return None if row is None else shaped(row, ErasureRow)


async def lock_erasure(unit: Unit, erasure_id: str) -> ErasureRow | None:
    """An erasure that is under way, held until the unit ends."""
    row = await unit.one_or_none(
        select(*_ERASURE)
        .where(erasures.c.id == erasure_id, erasures.c.finished_at.is_(None))
        .with_for_update()
    )
    return None if row is None else shaped(row, ErasureRow)


async def erasure_of(unit: Unit, customer_id: str) -> ErasureRow | None:
    """The erasure that a customer is under."""
    row = await unit.one_or_none(select(*_ERASURE).where(erasures.c.customer_id == customer_id))
    return None if row is None else shaped(row, ErasureRow)


async def count(unit: Unit, erasure_id: str, erased: dict[str, int]) -> None:
    """Write how much was erased so far."""
    await unit.execute(update(erasures).where(erasures.c.id == erasure_id).values(erased=erased))


async def finish_erasure(unit: Unit, erasure_id: str, at: datetime, receipt_sha256: str) -> None:
    """Close an erasure: from here on it does not name whom it was for."""
    await unit.execute(
        update(erasures)
        .where(erasures.c.id == erasure_id)
        .values(customer_id=None, finished_at=at, receipt_sha256=receipt_sha256)
    )


async def insert_export(unit: Unit, export_id: str, customer_id: str, keep: timedelta) -> ExportRow:
    row = await unit.one_or_none(
        insert(exports)
        .values(
            id=export_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            expires_at=func.now() + keep,
        )
        .returning(*_EXPORT)
    )
    assert row is not None
    return shaped(row, ExportRow)


async def find_export(unit: Unit, export_id: str) -> ExportRow | None:
    row = await unit.one_or_none(select(*_EXPORT).where(exports.c.id == export_id))
    return None if row is None else shaped(row, ExportRow)


async def end_export(unit: Unit, export_id: str, status: ExportStatus, size_bytes: int | None = None) -> bool:
    """Write how a pending export ended; False when it is pending no more."""
    ended = await unit.execute(
        update(exports)
        .where(exports.c.id == export_id, exports.c.status == ExportStatus.PENDING)
        .values(status=status, size_bytes=size_bytes, finished_at=func.now())
    )
    return ended.rowcount == 1


async def expire_export(unit: Unit, export_id: str) -> bool:
    """Close an export whose time is over; False when there is no such one."""
    over = await unit.execute(
        update(exports)
        .where(exports.c.id == export_id, exports.c.expires_at <= func.now())
        .values(status=ExportStatus.EXPIRED)
    )
    return over.rowcount == 1


async def exports_of(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's exports, oldest first."""
    rows = select(exports).where(exports.c.customer_id == customer_id).order_by(exports.c.id)
    return [dict(row._mapping) for row in await unit.all(rows)]


async def close_exports(unit: Unit, customer_id: str) -> int:
    """Close all of a customer's exports; returns how many were open."""
    closed = await unit.execute(
        update(exports)
        .where(exports.c.customer_id == customer_id, exports.c.status != ExportStatus.EXPIRED)
        .values(status=ExportStatus.EXPIRED)
    )
    return closed.rowcount


async def kept(unit: Unit, export_ids: set[str]) -> set[str]:
    """Those of the exports whose archive is still wanted."""
    wanted = exports.c.status.in_((ExportStatus.PENDING, ExportStatus.DONE))
    rows = await unit.all(select(exports.c.id).where(exports.c.id.in_(export_ids), wanted))
    return {row.id for row in rows}
