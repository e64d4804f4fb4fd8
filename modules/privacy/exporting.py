"""What becomes of an export."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.person import Exported
from modules.privacy import store
from modules.privacy.archive import collected
from modules.privacy.wire import ExportStatus


async def collect(unit: Unit, export_id: str) -> Exported | None:
    """All that is to be put into an archive; None when the export is not wanted any more."""
    row = await store.find_export(unit, export_id)
    if row is None or row.status is not ExportStatus.PENDING:
        return None
    return await collected(unit, row.customer_id)


async def finish(unit: Unit, export_id: str, size_bytes: int) -> bool:
    """Say that the archive is there; False when it is not wanted any more."""
    return await store.end_export(unit, export_id, ExportStatus.DONE, size_bytes)


async def fail(unit: Unit, export_id: str) -> None:
    """Say that there will be no archive."""
    await store.end_export(unit, export_id, ExportStatus.FAILED)


async def expire(unit: Unit, export_id: str) -> bool:
    """Close an export whose time is over; False when it is erased already."""
    return await store.expire_export(unit, export_id)
