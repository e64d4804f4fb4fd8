"""Asking for a person to be erased or exported, and reading how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit import clock
from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import add
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.customers import service as customers
from modules.customers.errors import UnknownCustomer
from modules.privacy import erasing, keys, links, store
from modules.privacy.errors import NoSuchCustomer, UnknownErasure, UnknownExport
from modules.privacy.jobs import EraseGuest, ExpireExport, MakeExport
from modules.privacy.store import ErasureRow, ExportRow
from modules.privacy.wire import Erasure, ErasureStatus, Export, ExportStatus

ARCHIVE_LINK = timedelta(minutes=15)


async def erase(unit: Unit, caller: Caller, customer_id: str) -> ErasureRow:
    """Begin a customer's erasure, or tell of the one that has begun. Raises NoSuchCustomer."""
    if not caller.sees(customer_id):
        raise NoSuchCustomer
    begun = await erasing.begin(unit, caller, customer_id)
    row = begun or await store.erasure_of(unit, customer_id)
    if row is None:
        raise NoSuchCustomer
    return row


async def find_erasure(unit: Unit, caller: Caller, erasure_id: str) -> ErasureRow:
    """An erasure that the caller may see: a visitor only her own. Raises UnknownErasure."""
    row = await read_erasure(unit, erasure_id)
    if caller.customer_id is not None and caller.customer_id != row.customer_id:
        raise UnknownErasure
    return row


async def read_erasure(unit: Unit, erasure_id: str) -> ErasureRow:
    """An erasure of the business. Raises UnknownErasure."""
    row = await store.find_erasure(unit, erasure_id)
    if row is None:
        raise UnknownErasure
    return row


async def export(unit: Unit, caller: Caller, customer_id: str, *, keep: timedelta) -> ExportRow:
    """Have an archive made of all that is kept of a customer. Raises NoSuchCustomer."""
    try:
        await customers.acting_for(unit, caller, customer_id)
    except UnknownCustomer:
        raise NoSuchCustomer from None
    export_id = new_id("exp")
    row = await store.insert_export(unit, export_id, customer_id, keep)
    await add(unit, MakeExport(export_id))
    await add(unit, ExpireExport(export_id), at=row.expires_at)
    await record(unit, caller, "person.export_asked", export_id)
    return row


async def find_export(unit: Unit, caller: Caller, export_id: str) -> ExportRow:
    """An export that the caller may see. Raises UnknownExport."""
    row = await store.find_export(unit, export_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownExport
    return row


async def see_guest_off(unit: Unit, customer_id: str, until: datetime) -> None:
    """Look again when a guest's visit ends."""
    await add(unit, EraseGuest(customer_id), at=until)


async def erase_guest(unit: Unit, customer_id: str) -> None:
    """Erase a guest whose visit has ended, unless she is kept: by a phone that redeems its ticket just now, too."""
    if await customers.hold_still(unit, customer_id) and await customers.is_guest(unit, customer_id):
        await erasing.begin(unit, SYSTEM, customer_id)


async def kept(unit: Unit, export_ids: set[str]) -> set[str]:
    """Those of the exports whose archive is still wanted."""
    return await store.kept(unit, export_ids)


def erasure_view(row: ErasureRow, unit: Unit, runtime: Runtime) -> Erasure:
    """Shape an erasure; its link needs no credential."""
    return Erasure(
        id=row.id,
        status=ErasureStatus.PENDING if row.finished_at is None else ErasureStatus.DONE,
        subject_sha256=row.subject_sha256,
        asked_by=row.asked_by,
        erased=row.erased,
        created_at=row.created_at,
        finished_at=row.finished_at,
        receipt_sha256=row.receipt_sha256,
        links={"self": links.receipt(unit.business_id, row.id, row.created_at, runtime.settings)},
    )


async def export_view(row: ExportRow, unit: Unit, runtime: Runtime) -> Export:
    """Shape an export; its archive is signed for fifteen minutes, and for no longer than it is there."""
    url = None
    left = row.expires_at - clock.now()
    if row.status is ExportStatus.DONE and left >= timedelta(seconds=1):
        url = await runtime.storage.url(
            keys.archive(unit.business_id, row.id),
            expires_in=min(ARCHIVE_LINK, left),
            download_name=f"{row.id}.zip",
        )
    return Export(
        id=row.id,
        customer_id=row.customer_id,
        status=row.status,
        created_at=row.created_at,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        size_bytes=row.size_bytes,
        url=url,
        links={"self": f"/v1/exports/{row.id}"},
    )
