"""SQL of shares and contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.share.deeds import Deed
from modules.share.tables import contacts, shares
from modules.share.wire import Channel, SalonContact


class ShareRow(Struct, frozen=True):
    """A share, ended or not. look: number of the try-on's look."""

    id: str
    customer_id: str
    tryon_id: str
    photo_id: str
    consent_id: str
    look: int
    with_before: bool
    watermark: bool
    title: str
    greeting: str
    channels: tuple[Channel, ...]
    clip: str
    clip_format: str | None
    opened: int
    slid: int
    tried: int
    booked: int
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None


class Holder(Struct, frozen=True):
    """Whose share it is."""

    business_id: str
    suspended: bool


_COLUMNS = [shares.c[name] for name in ShareRow.__struct_fields__]
_CONTACT = [contacts.c[name] for name in SalonContact.__struct_fields__]
_HOLDER = text("SELECT business_id, suspended FROM holder_of_share(:id)")
_OPEN = shares.c.ended_at.is_(None)


async def add(unit: Unit, share_id: str, customer_id: str, values: Mapping[str, Any]) -> ShareRow:
    row = await unit.one_or_none(
        insert(shares)
        .values(id=share_id, business_id=unit.business_id, customer_id=customer_id, **values)
        .returning(*_COLUMNS)
    )
    assert row is not None
    return shaped(row, ShareRow)


async def find(unit: Unit, share_id: str) -> ShareRow | None:
    row = await unit.one_or_none(select(*_COLUMNS).where(shares.c.id == share_id))
    return None if row is None else shaped(row, ShareRow)


async def holder_of(unit: Unit, share_id: str) -> Holder | None:
    """Whose share this is, asked by somebody who only has its link."""
    row = (await unit.execute(_HOLDER, {"id": share_id})).one_or_none()
    return None if row is None else Holder(**row._mapping)


async def page(
    unit: Unit, customer_id: str | None, test: bool, tryon_id: str | None, before: str | None, limit: int
) -> tuple[list[ShareRow], str | None]:
    """Newest first, of one customer or of all, and of one try-on or of all; and the cursor of the next page."""
    query = select(*_COLUMNS).where(func.starts_with(shares.c.customer_id, "cut_") == test)
    if customer_id is not None:
        query = query.where(shares.c.customer_id == customer_id)
    if tryon_id is not None:
        query = query.where(shares.c.tryon_id == tryon_id)
    rows, cursor = await newest_first(unit, query, shares.c.id, before, limit)
    return [shaped(row, ShareRow) for row in rows], cursor


async def end(unit: Unit, share_id: str, by: str) -> bool:
    """False when it had ended."""
    ended = await unit.execute(
        update(shares).where(shares.c.id == share_id, _OPEN).values(ended_at=func.now(), ended_by=by)
    )
    return ended.rowcount == 1


async def open_of_consent(unit: Unit, consent_id: str) -> list[ShareRow]:
    return await _every(unit, shares.c.consent_id == consent_id, _OPEN)


async def open_of_photo(unit: Unit, photo_id: str) -> list[ShareRow]:
    return await _every(unit, shares.c.photo_id == photo_id, _OPEN)


async def open_of_tryon(unit: Unit, tryon_id: str) -> list[ShareRow]:
    return await _every(unit, shares.c.tryon_id == tryon_id, _OPEN)


async def of_customer(unit: Unit, customer_id: str) -> list[ShareRow]:
    """All of a customer's shares, oldest first."""
    return await _every(unit, shares.c.customer_id == customer_id)


async def _every(unit: Unit, *which: ColumnElement[bool]) -> list[ShareRow]:
    rows = await unit.all(select(*_COLUMNS).where(*which).order_by(shares.c.id))
    return [shaped(row, ShareRow) for row in rows]


async def empty(unit: Unit, customer_id: str) -> int:
    """End all of a customer's shares, and forget what she wrote into them; returns how many there were to empty."""
    said = (_OPEN, shares.c.title != "", shares.c.greeting != "")
    emptied = await unit.execute(
        update(shares)
        .where(shares.c.customer_id == customer_id, said[0] | said[1] | said[2])
        .values(
            title="",
            greeting="",
            ended_at=func.coalesce(shares.c.ended_at, func.now()),
            ended_by=func.coalesce(shares.c.ended_by, "erased"),
        )
    )
    return emptied.rowcount


async def remove(unit: Unit, share_id: str) -> None:
    """Delete a share that has ended."""
    await unit.execute(delete(shares).where(shares.c.id == share_id, ~_OPEN))


async def count(unit: Unit, share_id: str, deed: Deed) -> bool:
    """Count a deed; False when the share has ended. No page is compared more often than it was opened."""
    column = shares.c[deed]
    more = func.least(column + 1, shares.c.opened) if deed is Deed.SLID else column + 1
    counted = await unit.execute(
        update(shares)
        .where(shares.c.id == share_id, _OPEN if deed is not Deed.BOOKED else text("true"), more != column)
        .values({column: more})
    )
    return counted.rowcount == 1


async def end_clip(unit: Unit, share_id: str, state: str, format: str | None = None) -> bool:
    """Say what became of a clip; False when nobody waits for it any more."""
    ended = await unit.execute(
        update(shares)
        .where(shares.c.id == share_id, shares.c.clip == "queued", _OPEN)
        .values(clip=state, clip_format=format)
    )
    return ended.rowcount == 1


async def is_over(unit: Unit, share_id: str) -> bool:
    """Whether a share that has not ended has outlived its time."""
    over = select(shares.c.id).where(shares.c.id == share_id, shares.c.expires_at <= func.now(), _OPEN)
    return await unit.one_or_none(over) is not None


async def still_open(unit: Unit, share_ids: set[str]) -> set[str]:
    rows = await unit.all(select(shares.c.id).where(shares.c.id.in_(share_ids), _OPEN))
    return {row.id for row in rows}


async def contact(unit: Unit) -> SalonContact:
    """How the unit's business can be reached."""
    row = await unit.one_or_none(select(*_CONTACT).where(contacts.c.business_id == unit.business_id))
    return SalonContact() if row is None else shaped(row, SalonContact)


async def change_contact(unit: Unit, changes: Mapping[str, str]) -> SalonContact:
    row = await unit.one_or_none(
        upsert(contacts)
        .values(business_id=unit.business_id, **changes)
        .on_conflict_do_update(index_elements=("business_id",), set_={**changes, "changed_at": func.now()})
        .returning(*_CONTACT)
    )
    assert row is not None
    return shaped(row, SalonContact)
