"""SQL of appointments, and of who and what they take when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.booking.errors import SlotTaken
from modules.booking.quote import Line, Wishes
from modules.booking.spans import Span, Spans, minute, minute_after, moment
from modules.booking.tables import appointments, occupations
from modules.booking.wire import OPEN, BookingContact, BookingStatus, Source, VisitPurpose

_EXCLUDED = "23P01"
"""SQLSTATE of a row that an exclusion constraint refuses."""


class BookedLeg(Struct, frozen=True):
    """One service of an appointment. extra_min: on top of the catalogue's minutes."""

    service_id: str
    name: str
    stylist_id: str
    starts_at: datetime
    ends_at: datetime
    extra_min: int = 0


class Picked(Struct, frozen=True):
    """A design of the look that was booked. fingers: those of one hand, None for all that it is drawn on."""

    design_id: str
    fingers: tuple[str, ...] | None = None


class Quoted(Struct, frozen=True):
    """What the look was when it was booked, so that it is still known when the try-on is gone. look: its number.

    patch_test_hours, days_apart: how far before the first session its test lies at least, and sessions from each other.
    """

    lines: tuple[Line, ...]
    picked: tuple[Picked, ...]
    wishes: Wishes
    look: int = 0
    patch_test_hours: int = 0
    days_apart: int = 0


class Appointment(Struct, frozen=True, kw_only=True):
    """A row. fee_amount: what a late change or a no-show cost, in the price's currency."""

    id: str
    customer_id: str
    location_id: str
    test: bool
    status: BookingStatus
    source: Source
    purpose: VisitPurpose
    starts_at: datetime
    ends_at: datetime
    legs: tuple[BookedLeg, ...]
    series_id: str | None = None
    tryon_id: str | None = None
    quote: Quoted | None = None
    price_amount: int
    price_currency: str
    fee_amount: int | None = None
    contact: BookingContact | None = None
    note: str = ""
    hold_until: datetime | None = None
    sequence: int = 0
    row_version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None


_COLUMNS = [appointments.c[name] for name in Appointment.__struct_fields__]
_GIVEN = [
    name for name in Appointment.__struct_fields__ if name not in ("row_version", "created_at", "updated_at")
]


async def insert_appointment(unit: Unit, made: Appointment) -> Appointment:
    values = {name: _plain(getattr(made, name)) for name in _GIVEN}
    row = await unit.one_or_none(
        insert(appointments).values(business_id=unit.business_id, **values).returning(*_COLUMNS)
    )
    assert row is not None
    return _appointment(row)


async def find(unit: Unit, appointment_id: str, *, lock: bool = False) -> Appointment | None:
    query = select(*_COLUMNS).where(appointments.c.id == appointment_id)
    row = await unit.one_or_none(query.with_for_update(key_share=True) if lock else query)
    return None if row is None else _appointment(row)


async def change(unit: Unit, appointment_id: str, **values: Any) -> Appointment:
    """Change an appointment that is locked."""
    row = await unit.one_or_none(
        update(appointments)
        .where(appointments.c.id == appointment_id)
        .values(
            **{name: _plain(value) for name, value in values.items()},
            row_version=appointments.c.row_version + 1,
            updated_at=func.now(),
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return _appointment(row)


async def of_day(
    unit: Unit,
    location_id: str,
    first: datetime,
    last: datetime,
    *,
    test: bool,
    customer_id: str | None,
) -> list[Appointment]:
    """What begins at a location in a stretch of time, in the order of time."""
    query = select(*_COLUMNS).where(
        appointments.c.location_id == location_id,
        appointments.c.starts_at >= first,
        appointments.c.starts_at < last,
        *_seen(test, customer_id),
    )
    rows = await unit.all(query.order_by(appointments.c.starts_at, appointments.c.id))
    return [_appointment(row) for row in rows]


async def of_calendar(
    unit: Unit, location_id: str, first: datetime, last: datetime, stylist_id: str | None
) -> list[Appointment]:
    """What begins at a location in a stretch of time and was booked, of one stylist or of all; nothing of test keys."""
    own = [] if stylist_id is None else [appointments.c.legs.contains([{"stylist_id": stylist_id}])]
    query = select(*_COLUMNS).where(
        appointments.c.location_id == location_id,
        appointments.c.starts_at >= first,
        appointments.c.starts_at < last,
        appointments.c.status.not_in((BookingStatus.HELD, BookingStatus.LAPSED)),
        *_seen(False, None),
        *own,
    )
    return [_appointment(row) for row in await unit.all(query)]


async def page(
    unit: Unit,
    *,
    location_id: str | None,
    test: bool,
    customer_id: str | None,
    before: str | None,
    limit: int,
) -> tuple[list[Appointment], str | None]:
    query = select(*_COLUMNS).where(*_seen(test, customer_id))
    if location_id is not None:
        query = query.where(appointments.c.location_id == location_id)
    rows, cursor = await newest_first(unit, query, appointments.c.id, before, limit)
    return [_appointment(row) for row in rows], cursor


async def of_series(unit: Unit, series_ids: Collection[str]) -> list[Appointment]:
    """All that belong together, in the order of time."""
    query = select(*_COLUMNS).where(appointments.c.series_id.in_(series_ids))
    rows = await unit.all(query.order_by(appointments.c.starts_at, appointments.c.id))
    return [_appointment(row) for row in rows]


async def of_customer(unit: Unit, customer_id: str, *, lock: bool = False) -> list[Appointment]:
    query = select(*_COLUMNS).where(appointments.c.customer_id == customer_id).order_by(appointments.c.id)
    return [_appointment(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def delete_of_customer(unit: Unit, customer_id: str) -> int:
    """With what they take."""
    gone = delete(appointments).where(appointments.c.customer_id == customer_id)
    return (await unit.execute(gone)).rowcount


async def occupations_of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    of_hers = select(appointments.c.id).where(appointments.c.customer_id == customer_id)
    rows = await unit.all(
        select(
            occupations.c.appointment_id,
            occupations.c.subject,
            func.lower(occupations.c.during).label("starts_at"),
            func.upper(occupations.c.during).label("ends_at"),
        )
        .where(occupations.c.appointment_id.in_(of_hers))
        .order_by(occupations.c.appointment_id, occupations.c.subject)
    )
    return [dict(row._mapping) for row in rows]


async def any_to_come(unit: Unit, location_id: str, now: datetime) -> bool:
    """Whether anybody is expected at a location."""
    query = select(appointments.c.id).where(
        appointments.c.location_id == location_id, appointments.c.ends_at > now, _is_open()
    )
    return bool(await unit.all(query.limit(1)))


async def any_taking(unit: Unit, subject: str, now: datetime) -> bool:
    """Whether somebody, or something, is taken from now on."""
    query = select(occupations.c.subject).where(
        occupations.c.subject == subject, func.upper(occupations.c.during) > now
    )
    return bool(await unit.all(query.limit(1)))


async def nameless(unit: Unit, location_id: str, now: datetime) -> int:
    """How many times at a location are held for somebody who left no name."""
    query = select(func.count()).where(
        appointments.c.location_id == location_id,
        appointments.c.status == BookingStatus.HELD,
        appointments.c.hold_until > now,
        appointments.c.contact.is_(None),
    )
    row = await unit.one_or_none(query)
    return 0 if row is None else int(row[0])


async def occupy(unit: Unit, appointment: Appointment, taken: Mapping[str, Spans]) -> None:
    """Take people and things. Raises SlotTaken where one of them is taken already; the unit is lost then."""
    rows = [
        {
            "business_id": unit.business_id,
            "appointment_id": appointment.id,
            "subject": subject,
            "during": Range(moment(start), moment(end)),
            "test": appointment.test,
        }
        for subject in sorted(taken)
        for start, end in taken[subject]
    ]
    try:
        await unit.execute(insert(occupations).inline(), rows)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == _EXCLUDED:
            raise SlotTaken from error
        raise


async def free(unit: Unit, appointment_ids: Collection[str]) -> None:
    """Give back what appointments take."""
    await unit.execute(delete(occupations).where(occupations.c.appointment_id.in_(appointment_ids)))


async def taken(
    unit: Unit, subjects: Iterable[str], first: datetime, last: datetime, *, test: bool, but: str
) -> dict[str, list[Span]]:
    """When people and things are taken in a stretch of time, by whom or what; not by the appointment `but`."""
    rows = await unit.all(
        select(
            occupations.c.subject,
            func.lower(occupations.c.during).label("start"),
            func.upper(occupations.c.during).label("end"),
        ).where(
            occupations.c.subject.in_(set(subjects)),
            occupations.c.during.op("&&")(Range(first, last)),
            occupations.c.test == test,
            occupations.c.appointment_id != but,
        )
    )
    found: dict[str, list[Span]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append((minute(row.start), minute_after(row.end)))
    return found


async def lapse(unit: Unit, location_id: str, now: datetime) -> list[str]:
    """Give back every time at a location that was held too long; returns the appointments' ids."""
    rows = await unit.all(
        update(appointments)
        .where(
            appointments.c.location_id == location_id,
            appointments.c.status == BookingStatus.HELD,
            appointments.c.hold_until <= now,
        )
        .values(
            status=BookingStatus.LAPSED,
            hold_until=None,
            row_version=appointments.c.row_version + 1,
            updated_at=func.now(),
        )
        .returning(appointments.c.id)
    )
    ids = [row.id for row in rows]
    if ids:
        await free(unit, ids)
    return ids


def _is_open() -> ColumnElement[bool]:
    return appointments.c.status.in_(OPEN)


def _seen(test: bool, customer_id: str | None) -> Sequence[ColumnElement[bool]]:
    own = () if customer_id is None else (appointments.c.customer_id == customer_id,)
    return (appointments.c.test == test, *own)


def _plain(value: Any) -> Any:
    """A value as its column takes it."""
    if isinstance(value, Struct) or (isinstance(value, tuple) and value and isinstance(value[0], Struct)):
        return msgspec.to_builtins(value)
    return list(value) if isinstance(value, tuple) else value


def _appointment(row: Row[Any]) -> Appointment:
    return shaped(row, Appointment)
