"""SQL of those who wait for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, delete, func, insert, select, update

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.booking.tables import waitlist
from modules.booking.wire import BookingContact, WaitStatus


class Place(Struct, frozen=True, kw_only=True):
    """A row: somebody waits."""

    id: str
    customer_id: str
    location_id: str
    status: WaitStatus
    services: tuple[str, ...]
    stylist_id: str | None
    earliest: datetime
    latest: datetime
    appointment_id: str | None
    contact: BookingContact | None
    created_at: datetime


_COLUMNS = [waitlist.c[name] for name in Place.__struct_fields__]


async def insert_place(unit: Unit, place: Place) -> Place:
    values = {**msgspec.structs.asdict(place), "services": list(place.services)}
    values["contact"] = None if place.contact is None else msgspec.to_builtins(place.contact)
    await unit.execute(insert(waitlist).values(business_id=unit.business_id, **values))
    return place


async def find(unit: Unit, waiting_id: str, *, lock: bool = False) -> Place | None:
    query = select(*_COLUMNS).where(waitlist.c.id == waiting_id)
    row = await unit.one_or_none(query.with_for_update(key_share=True) if lock else query)
    return None if row is None else _place(row)


async def page(
    unit: Unit, *, test: bool, customer_id: str | None, before: str | None, limit: int
) -> tuple[list[Place], str | None]:
    query = select(*_COLUMNS).where(func.starts_with(waitlist.c.customer_id, "cut_") == test)
    if customer_id is not None:
        query = query.where(waitlist.c.customer_id == customer_id)
    rows, cursor = await newest_first(unit, query, waitlist.c.id, before, limit)
    return [_place(row) for row in rows], cursor


async def open_of_customer(unit: Unit, customer_id: str) -> int:
    """How many times a customer waits for."""
    query = select(func.count()).where(
        waitlist.c.customer_id == customer_id,
        waitlist.c.status.in_((WaitStatus.WAITING, WaitStatus.OFFERED)),
    )
    count: int = (await unit.execute(query)).scalar_one()
    return count


async def anybody(unit: Unit, location_id: str) -> bool:
    query = select(waitlist.c.id).where(
        waitlist.c.location_id == location_id, waitlist.c.status == WaitStatus.WAITING
    )
    return bool(await unit.all(query.limit(1)))


async def waiting_at(unit: Unit, location_id: str, now: datetime, limit: int) -> list[Place]:
    """Who waits there for a time to come, the longest first; each is held until the unit ends."""
    rows = await unit.all(
        select(*_COLUMNS)
        .where(
            waitlist.c.location_id == location_id,
            waitlist.c.status == WaitStatus.WAITING,
            waitlist.c.latest > now,
        )
        .order_by(waitlist.c.id)
        .limit(limit)
        .with_for_update(key_share=True)
    )
    return [_place(row) for row in rows]


async def change(unit: Unit, waiting_id: str, status: WaitStatus, appointment_id: str | None = None) -> Place:
    values: dict[str, Any] = {"status": status, **_forgotten(status)}
    if appointment_id is not None:
        values["appointment_id"] = appointment_id
    row = await unit.one_or_none(
        update(waitlist)
        .where(waitlist.c.id == waiting_id)
        .values(**values, row_version=waitlist.c.row_version + 1, updated_at=func.now())
        .returning(*_COLUMNS)
    )
    assert row is not None
    return _place(row)


async def end_offers(
    unit: Unit, appointment_ids: Collection[str], status: WaitStatus = WaitStatus.OVER
) -> None:
    """Say what became of the offers of these appointments."""
    if appointment_ids:
        await unit.execute(
            update(waitlist)
            .where(waitlist.c.appointment_id.in_(appointment_ids), waitlist.c.status == WaitStatus.OFFERED)
            .values(
                status=status,
                row_version=waitlist.c.row_version + 1,
                updated_at=func.now(),
                **_forgotten(status),
            )
        )


async def of_customer(unit: Unit, customer_id: str) -> list[Place]:
    query = select(*_COLUMNS).where(waitlist.c.customer_id == customer_id).order_by(waitlist.c.id)
    return [_place(row) for row in await unit.all(query)]


async def delete_of_customer(unit: Unit, customer_id: str) -> int:
    return (await unit.execute(delete(waitlist).where(waitlist.c.customer_id == customer_id))).rowcount


def _forgotten(status: WaitStatus) -> dict[str, None]:
    """Who waits no longer has no name here."""
    return {} if status in (WaitStatus.WAITING, WaitStatus.OFFERED) else {"contact": None}


def _place(row: Row[Any]) -> Place:
    return shaped(row, Place)
