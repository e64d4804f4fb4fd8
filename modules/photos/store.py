"""SQL of photos."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from kit.db.unit import Unit
from kit.decode import Verified
from modules.photos.tables import photos
from modules.photos.wire import Photo

_COLUMNS = [photos.c[name] for name in Photo.__struct_fields__]


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
