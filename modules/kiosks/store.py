"""SQL of kiosks."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import func, insert, select, text, update

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.kiosks.tables import kiosks
from modules.kiosks.wire import Kiosk

_OF_CODE = text("SELECT * FROM holder_of_pairing_code(:hash)")
_KIOSK = [kiosks.c[name] for name in Kiosk.__struct_fields__]


class Holder(Struct, frozen=True):
    """The kiosk that waits for a code. subject: its id."""

    business_id: str
    subject: str
    suspended: bool


async def holder_of_code(unit: Unit, code_hash: bytes) -> Holder | None:
    """The kiosk that waits for this code."""
    row = (await unit.execute(_OF_CODE, {"hash": code_hash})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def insert_kiosk(
    unit: Unit, kiosk_id: str, name: str, code_hash: bytes, lifetime: timedelta
) -> datetime:
    """Add a kiosk that waits for its code; returns until when."""
    row = await unit.one_or_none(
        insert(kiosks)
        .values(
            id=kiosk_id,
            business_id=unit.business_id,
            name=name,
            code_hash=code_hash,
            code_expires_at=func.now() + lifetime,
        )
        .returning(kiosks.c.code_expires_at)
    )
    assert row is not None
    expires_at: datetime = row.code_expires_at
    return expires_at


async def pair(unit: Unit, code_hash: bytes, secret_hash: bytes) -> tuple[str, str] | None:
    """Use a code up and give its kiosk a credential; None when somebody did. Returns id and name."""
    row = await unit.one_or_none(
        update(kiosks)
        .where(
            kiosks.c.code_hash == code_hash,
            kiosks.c.code_expires_at > func.now(),
            kiosks.c.revoked_at.is_(None),
        )
        .values(secret_hash=secret_hash, paired_at=func.now(), code_hash=None, code_expires_at=None)
        .returning(kiosks.c.id, kiosks.c.name)
    )
    return None if row is None else (row.id, row.name)


async def page(unit: Unit, before: str | None, limit: int) -> tuple[tuple[Kiosk, ...], str | None]:
    """The business's kiosks, newest first."""
    rows, cursor = await newest_first(unit, select(*_KIOSK), kiosks.c.id, before, limit)
    return tuple(shaped(row, Kiosk) for row in rows), cursor


async def revoke(unit: Unit, kiosk_id: str) -> bool:
    """End a kiosk's credential, or its code; False when there is none."""
    revoked = await unit.execute(
        update(kiosks)
        .where(kiosks.c.id == kiosk_id, kiosks.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    return revoked.rowcount == 1
