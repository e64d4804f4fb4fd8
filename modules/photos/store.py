"""SQL of photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, insert, select, update

from kit.db.turn import take_turn
from kit.db.unit import Unit
from kit.decode import Verified
from modules.photos.tables import photos, uploads
from modules.photos.wire import Photo


class UploadRow(Struct, frozen=True):
    """An upload whose time is not over. photo_id: what came of it, once it is completed."""

    id: str
    customer_id: str
    consent_id: str
    photo_id: str | None


class Open(Struct, frozen=True):
    """How many uploads of a customer are open, and when the first of them ends."""

    number: int
    until: datetime | None


_COLUMNS = [photos.c[name] for name in Photo.__struct_fields__]
_UPLOAD_COLUMNS = [uploads.c[name] for name in UploadRow.__struct_fields__]
_LIVE = uploads.c.expires_at > func.now()


async def insert_photo(
    unit: Unit,
    photo_id: str,
    customer_id: str,
    consent_id: str,
    verified: Verified,
    size_bytes: int,
    keep: timedelta,
) -> Photo:
    row = await unit.one_or_none(
        insert(photos)
        .values(
            id=photo_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            consent_id=consent_id,
            media_type=verified.media_type,
            width_px=verified.width,
            height_px=verified.height,
            size_bytes=size_bytes,
            sha256=verified.sha256,
            expires_at=func.now() + keep,
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return Photo(**row._mapping)


async def find(unit: Unit, photo_id: str) -> Photo | None:
    """A photo that is there: not erased, not expired."""
    row = await unit.one_or_none(
        select(*_COLUMNS).where(
            photos.c.id == photo_id, photos.c.erased_at.is_(None), photos.c.expires_at > func.now()
        )
    )
    return None if row is None else Photo(**row._mapping)


async def mark_erased(unit: Unit, photo_id: str) -> bool:
    """Turn a photo's row into its tombstone; False when it was one already."""
    erased = await unit.execute(
        update(photos)
        .where(photos.c.id == photo_id, photos.c.erased_at.is_(None))
        .values(erased_at=func.now(), sha256="")
    )
    return erased.rowcount == 1


async def of_consent(unit: Unit, consent_id: str) -> list[str]:
    rows = await unit.all(
        select(photos.c.id).where(photos.c.consent_id == consent_id, photos.c.erased_at.is_(None))
    )
    return [row.id for row in rows]


async def consent_of(unit: Unit, photo_id: str) -> str | None:
    """The consent that a photo was taken under, a tombstone's too."""
    row = await unit.one_or_none(select(photos.c.consent_id).where(photos.c.id == photo_id))
    return None if row is None else row.consent_id


async def ever_of_consent(unit: Unit, consent_id: str) -> list[str]:
    """Ids of a consent's photos, tombstones too."""
    rows = await unit.all(select(photos.c.id).where(photos.c.consent_id == consent_id).order_by(photos.c.id))
    return [row.id for row in rows]


async def is_over(unit: Unit, photo_id: str) -> bool:
    """Whether a photo that is still there has outlived its time."""
    over = select(photos.c.id).where(
        photos.c.id == photo_id, photos.c.expires_at <= func.now(), photos.c.erased_at.is_(None)
    )
    return await unit.one_or_none(over) is not None


async def kept(unit: Unit, photo_ids: set[str]) -> set[str]:
    """Those of the ids whose objects are still referenced."""
    rows = await unit.all(select(photos.c.id).where(photos.c.id.in_(photo_ids), photos.c.erased_at.is_(None)))
    return {row.id for row in rows}


async def open_of(unit: Unit, customer_id: str) -> Open:
    """What a customer has open; others who ask for the same customer wait until this unit ends."""
    await take_turn(unit, "uploads", customer_id)
    row = await unit.one_or_none(
        select(func.count().label("number"), func.min(uploads.c.expires_at).label("until")).where(
            uploads.c.customer_id == customer_id, uploads.c.photo_id.is_(None), _LIVE
        )
    )
    assert row is not None
    return Open(row.number, row.until)


async def insert_upload(
    unit: Unit, upload_id: str, customer_id: str, consent_id: str, life: timedelta
) -> datetime:
    """Returns when its time is over."""
    row = await unit.one_or_none(
        insert(uploads)
        .values(
            id=upload_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            consent_id=consent_id,
            expires_at=func.now() + life,
        )
        .returning(uploads.c.expires_at)
    )
    assert row is not None
    return row.expires_at  # type: ignore[no-any-return]


async def find_upload(unit: Unit, upload_id: str, *, lock: bool = False) -> UploadRow | None:
    """lock: nobody else completes it or takes it back before this unit ends."""
    query = select(*_UPLOAD_COLUMNS).where(uploads.c.id == upload_id, _LIVE)
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else UploadRow(**row._mapping)


async def complete_upload(unit: Unit, upload_id: str, photo_id: str) -> None:
    await unit.execute(update(uploads).where(uploads.c.id == upload_id).values(photo_id=photo_id))


async def take_uploads_of_consent(unit: Unit, consent_id: str) -> list[UploadRow]:
    """Delete the uploads that stand on a consent, and return them."""
    return await _take_uploads(unit, uploads.c.consent_id == consent_id)


async def take_uploads_of_photos(unit: Unit, photo_ids: Sequence[str]) -> list[UploadRow]:
    """Delete the uploads that these photos came of, and return them."""
    return await _take_uploads(unit, uploads.c.photo_id.in_(photo_ids))


async def take_uploads_of_customer(unit: Unit, customer_id: str) -> list[UploadRow]:
    """Delete a customer's uploads, and return them."""
    return await _take_uploads(unit, uploads.c.customer_id == customer_id)


async def _take_uploads(unit: Unit, which: ColumnElement[bool]) -> list[UploadRow]:
    rows = await unit.all(delete(uploads).where(which).returning(*_UPLOAD_COLUMNS))
    return [UploadRow(**row._mapping) for row in rows]


async def uploads_of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's uploads, oldest first."""
    rows = await unit.all(select(uploads).where(uploads.c.customer_id == customer_id).order_by(uploads.c.id))
    return [dict(row._mapping) for row in rows]


async def forget_upload_when_over(unit: Unit, upload_id: str) -> None:
    await unit.execute(delete(uploads).where(uploads.c.id == upload_id, ~_LIVE))


async def erase_of_customer(unit: Unit, customer_id: str) -> list[str]:
    """Turn all of a customer's photos into tombstones that say nothing; returns the ids of those that were there."""
    rows = await unit.all(
        update(photos)
        .where(photos.c.customer_id == customer_id, photos.c.erased_at.is_(None))
        .values(erased_at=func.now(), sha256="")
        .returning(photos.c.id)
    )
    return sorted(row.id for row in rows)


async def of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's photos as they stand, erased ones too, oldest first."""
    rows = await unit.all(select(photos).where(photos.c.customer_id == customer_id).order_by(photos.c.id))
    return [dict(row._mapping) for row in rows]
