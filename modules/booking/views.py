"""From rows to what callers see."""

from __future__ import annotations

from collections.abc import Sequence

from kit import clock
from kit.db.unit import Unit
from kit.money import Price
from kit.settings import Settings
from modules.booking import links
from modules.booking.policy import Policy, share
from modules.booking.setup.wire import Location
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment
from modules.booking.store.waitlist import Place
from modules.booking.wire import OPEN, Booking, LegView, SeriesMember, Waiting


async def bookings(unit: Unit, rows: Sequence[Appointment], settings: Settings) -> tuple[Booking, ...]:
    """In their order."""
    places = await setup.locations_by_id(unit, {row.location_id for row in rows})
    team = await setup.stylist_names(unit, {leg.stylist_id for row in rows for leg in row.legs})
    policy = (await setup.booking_rules(unit)).rules.policy
    series: dict[str, list[Appointment]] = {}
    if ids := {row.series_id for row in rows if row.series_id is not None}:
        for one in await appointments.of_series(unit, ids):
            series.setdefault(one.series_id or "", []).append(one)
    return tuple(
        _booking(
            row,
            places[row.location_id],
            team,
            policy,
            series.get(row.series_id or "", []),
            links.manage(unit.business_id, row.id, row.created_at or clock.now(), settings),
        )
        for row in rows
    )


async def booking(unit: Unit, row: Appointment, settings: Settings) -> Booking:
    """One of them."""
    return (await bookings(unit, [row], settings))[0]


def waiting(place: Place) -> Waiting:
    """A place on the waiting list."""
    return Waiting(
        id=place.id,
        customer_id=place.customer_id,
        location_id=place.location_id,
        status=place.status,
        services=place.services,
        stylist_id=place.stylist_id,
        earliest=place.earliest,
        latest=place.latest,
        booking_id=place.appointment_id,
        created_at=place.created_at,
    )


def _booking(
    row: Appointment,
    place: Location,
    team: dict[str, str],
    policy: Policy,
    series: Sequence[Appointment],
    manage: str,
) -> Booking:
    return Booking(
        id=row.id,
        customer_id=row.customer_id,
        location_id=row.location_id,
        location=place.name,
        zone=place.zone,
        status=row.status,
        source=row.source,
        purpose=row.purpose,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=int((row.ends_at - row.starts_at).total_seconds()) // 60,
        services=tuple(
            LegView(
                leg.service_id,
                leg.name,
                leg.stylist_id,
                team.get(leg.stylist_id, ""),
                leg.starts_at,
                leg.ends_at,
            )
            for leg in row.legs
        ),
        price=Price(row.price_amount, row.price_currency),
        quote=() if row.quote is None else row.quote.lines,
        fee=Price(_fee(row, policy), row.price_currency),
        free_until=policy.free_until(row.starts_at),
        hold_until=row.hold_until,
        tryon_id=row.tryon_id,
        series=tuple(SeriesMember(one.id, one.purpose, one.status, one.starts_at) for one in series),
        contact=row.contact,
        note=row.note,
        test=row.test,
        sequence=row.sequence,
        version=row.row_version,
        created_at=row.created_at or clock.now(),
        links={"manage": manage},
    )


def _fee(row: Appointment, policy: Policy) -> int:
    """What a change costs now; of what is over, what it cost."""
    if row.status not in OPEN:
        return row.fee_amount or 0
    return share(row.price_amount, policy.late_percent(row.starts_at, clock.now()))
