"""SQL of places, of who works there and with what, and of the salon's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.unit import Unit
from modules.booking.hours import Schedule
from modules.booking.setup.wire import (
    BookingRules,
    HeldBookingRules,
    HeldRules,
    Location,
    Resource,
    ServiceRules,
    Stylist,
    TimeOff,
)
from modules.booking.tables import booking_policies, locations, resources, service_rules, stylists, time_off


async def add(unit: Unit, table: Table, values: Mapping[str, Any]) -> Row[Any]:
    row = await unit.one_or_none(
        insert(table).values(business_id=unit.business_id, **values).returning(*table.c)
    )
    assert row is not None
    return row


async def change(unit: Unit, table: Table, row_id: str, values: Mapping[str, Any]) -> Row[Any]:
    """Change a row that is locked."""
    row = await unit.one_or_none(
        update(table)
        .where(table.c.id == row_id)
        .values(**values, row_version=table.c.row_version + 1, updated_at=func.now())
        .returning(*table.c)
    )
    assert row is not None
    return row


async def location(unit: Unit, location_id: str, *, lock: bool = False) -> Location | None:
    """lock: nobody books anything there until the unit ends, unless she holds it."""
    row = await _find(unit, locations, location_id, lock)
    return None if row is None else location_of(row)


async def locations_by_id(unit: Unit, ids: Iterable[str]) -> dict[str, Location]:
    """Also those that are archived."""
    rows = await unit.all(select(*locations.c).where(locations.c.id.in_(set(ids))))
    return {row.id: location_of(row) for row in rows}


async def every_location(unit: Unit) -> list[Location]:
    return [location_of(row) for row in await _every(unit, locations)]


async def stylist(unit: Unit, stylist_id: str, *, lock: bool = False) -> Stylist | None:
    row = await _find(unit, stylists, stylist_id, lock)
    return None if row is None else stylist_of(row)


async def every_stylist(unit: Unit, location_id: str | None = None) -> list[Stylist]:
    here = () if location_id is None else (stylists.c.location_id == location_id,)
    return [stylist_of(row) for row in await _every(unit, stylists, *here)]


async def stylist_names(unit: Unit, ids: Iterable[str]) -> dict[str, str]:
    """Also of those who left."""
    rows = await unit.all(select(stylists.c.id, stylists.c.name).where(stylists.c.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def resource(unit: Unit, resource_id: str, *, lock: bool = False) -> Resource | None:
    row = await _find(unit, resources, resource_id, lock)
    return None if row is None else resource_of(row)


async def every_resource(unit: Unit, location_id: str | None = None) -> list[Resource]:
    here = () if location_id is None else (resources.c.location_id == location_id,)
    return [resource_of(row) for row in await _every(unit, resources, *here)]


async def add_time_off(
    unit: Unit, time_off_id: str, stylist_id: str, starts_at: datetime, ends_at: datetime
) -> TimeOff:
    added = TimeOff(id=time_off_id, stylist_id=stylist_id, starts_at=starts_at, ends_at=ends_at)
    await unit.execute(insert(time_off).values(business_id=unit.business_id, **msgspec.structs.asdict(added)))
    return added


async def remove_time_off(unit: Unit, stylist_id: str, time_off_id: str) -> bool:
    gone = delete(time_off).where(time_off.c.stylist_id == stylist_id, time_off.c.id == time_off_id)
    return (await unit.execute(gone)).rowcount == 1


async def time_off_between(
    unit: Unit, stylist_ids: Iterable[str], first: datetime, last: datetime | None = None
) -> list[TimeOff]:
    """What lies in a stretch of time at least in part, the earliest first."""
    query = select(time_off.c.id, time_off.c.stylist_id, time_off.c.starts_at, time_off.c.ends_at).where(
        time_off.c.stylist_id.in_(set(stylist_ids)), time_off.c.ends_at > first
    )
    if last is not None:
        query = query.where(time_off.c.starts_at < last)
    return [TimeOff(**row._mapping) for row in await unit.all(query.order_by(time_off.c.starts_at))]


async def rules_of(unit: Unit, service_ids: Iterable[str]) -> dict[str, HeldRules]:
    """What was said of these services."""
    rows = await unit.all(select(service_rules).where(service_rules.c.service_id.in_(set(service_ids))))
    return {
        row.service_id: HeldRules(
            service_id=row.service_id,
            rules=msgspec.convert(row.spec, ServiceRules),
            version=row.row_version,
        )
        for row in rows
    }


async def put_rules(unit: Unit, service_id: str, rules: ServiceRules) -> HeldRules:
    version = await _put(
        unit, service_rules, {"service_id": service_id}, ("business_id", "service_id"), rules
    )
    return HeldRules(service_id=service_id, rules=rules, version=version)


async def booking_rules(unit: Unit) -> HeldBookingRules:
    row = await unit.one_or_none(select(booking_policies))
    if row is None:
        return HeldBookingRules(rules=BookingRules(), version=0)
    return HeldBookingRules(rules=msgspec.convert(row.spec, BookingRules), version=row.row_version)


async def put_booking_rules(unit: Unit, rules: BookingRules) -> HeldBookingRules:
    version = await _put(unit, booking_policies, {}, ("business_id",), rules)
    return HeldBookingRules(rules=rules, version=version)


def location_of(row: Row[Any]) -> Location:
    return Location(
        id=row.id,
        name=row.name,
        zone=row.zone,
        step_min=row.step_min,
        closed_on=tuple(row.closed_on),
        version=row.row_version,
    )


def stylist_of(row: Row[Any]) -> Stylist:
    return Stylist(
        id=row.id,
        location_id=row.location_id,
        name=row.name,
        staff_id=row.staff_id,
        skills=tuple(row.skills),
        schedule=msgspec.convert(row.schedule, Schedule),
        version=row.row_version,
    )


def resource_of(row: Row[Any]) -> Resource:
    return Resource(
        id=row.id, location_id=row.location_id, kind=row.kind, name=row.name, version=row.row_version
    )


async def _find(unit: Unit, table: Table, row_id: str, lock: bool) -> Row[Any] | None:
    query = select(*table.c).where(table.c.id == row_id, table.c.archived_at.is_(None))
    return await unit.one_or_none(query.with_for_update(key_share=True) if lock else query)


async def _every(unit: Unit, table: Table, *which: ColumnElement[bool]) -> Iterable[Row[Any]]:
    return await unit.all(select(*table.c).where(table.c.archived_at.is_(None), *which).order_by(table.c.id))


async def _put(
    unit: Unit, table: Table, key: Mapping[str, str], unique: tuple[str, ...], spec: msgspec.Struct
) -> int:
    statement = upsert(table).values(business_id=unit.business_id, **key, spec=msgspec.to_builtins(spec))
    changed = {
        "spec": statement.excluded.spec,
        "row_version": table.c.row_version + 1,
        "updated_at": func.now(),
    }
    row = await unit.one_or_none(
        statement.on_conflict_do_update(index_elements=unique, set_=changed).returning(table.c.row_version)
    )
    assert row is not None
    version: int = row.row_version
    return version
