"""What the page of an appointment says, for its templates in api/pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from kit import clock
from kit.db.unit import Unit
from kit.errors import AppError
from kit.money import Price
from kit.settings import Settings
from modules.accounts import service as accounts
from modules.accounts.caller import Caller
from modules.booking import again, links, treatment
from modules.booking.errors import NoRoomForAll, OffTheGrid, OutsideWindow, SlotTaken, TooClose
from modules.booking.pages.picker import choices, picker, reach
from modules.booking.policy import share
from modules.booking.setup.wire import Location
from modules.booking.store import setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import OPEN, Booking, BookingContact, BookingStatus
from modules.booking.zones import local_date
from modules.catalog.shelf import Shelf
from modules.messaging import language as spelt

REFUSED: Mapping[type[AppError], str] = {
    SlotTaken: "time_taken",
    TooClose: "time_close",
    NoRoomForAll: "time_no_room",
    OutsideWindow: "time_gone",
    OffTheGrid: "time_gone",
}
"""Words for what may be wrong with a time that was chosen."""
ENDED = {
    BookingStatus.CANCELLED: "visit_cancelled",
    BookingStatus.LAPSED: "visit_lapsed",
}


async def visit(
    unit: Unit, row: Appointment, view: Booking, settings: Settings, language: str
) -> dict[str, Any]:
    """Facts of an appointment in a language, and what may be done with it now."""
    now, series = clock.now(), await treatment.together(unit, row)
    booked = again.is_to_come(row)
    held = row.status is BookingStatus.HELD and row.hold_until is not None and row.hold_until > now
    later = treatment.following(row, series) if booked else []
    place = await _place(unit, row)
    policy = (await setup.booking_rules(unit)).rules.policy
    fees = sum(share(one.price_amount, policy.late_percent(one.starts_at, now)) for one in [row, *later])
    over = "" if booked or held else ENDED.get(row.status, "visit_lapsed" if row.hold_until else "visit_over")
    return {
        **await common(unit, row, view, place, language),
        "booked": booked,
        "held": _clock(row.hold_until, place, language) if held and row.hold_until else "",
        "nameless": held and row.contact is None,
        "over": over,
        "email": row.contact.email if booked and row.contact else None,
        "keep_days": settings.retention.contact_days,
        "free_until": _when(view.free_until, place, language) if view.free_until > now else "",
        "late_fee": _money(view.fee, language),
        "fee": _money(view.fee, language) if booked else "",
        "fees": _money(Price(fees, row.price_currency), language) if booked else "",
        "later": len(later),
        "others": [
            {
                "when": _when(one.starts_at, place, language),
                "what": ", ".join(leg.name for leg in one.legs),
                "href": links.page_path(unit.business_id, one.id, one.created_at or now, settings),
            }
            for one in series
            if one.id != row.id and one.status in OPEN
        ],
    }


async def other_times(
    unit: Unit,
    caller: Caller,
    shelf: Shelf,
    row: Appointment,
    view: Booking,
    since: date | None,
    language: str,
) -> dict[str, Any]:
    """When else it could be; what is to be moved is shown from the day before it on."""
    place, moves = await _place(unit, row), again.is_to_come(row)
    if since is None and moves:
        since = local_date(place.zone, row.starts_at) - timedelta(days=1)
    found = await again.other_times(unit, caller, shelf, row, place, *reach(since, place.zone))
    return {
        **await common(unit, row, view, place, language),
        "moves": moves,
        "fee": _money(view.fee, language) if moves else "",
        "problem": "",
        "picker": picker(found, place.zone, language, since),
        "today": local_date(place.zone, clock.now()).isoformat(),
    }


async def common(
    unit: Unit, row: Appointment, view: Booking, place: Location, language: str
) -> dict[str, Any]:
    """What every page of an appointment says."""
    return {
        "salon": (await accounts.business(unit)).name,
        "when": _when(row.starts_at, place, language),
        "until": _clock(row.ends_at, place, language),
        "what": list(dict.fromkeys(leg.name for leg in row.legs)),
        "who": ", ".join(dict.fromkeys(leg.stylist for leg in view.services if leg.stylist)),
        "where": place.name,
        "price": _money(view.price, language),
    }


async def refused(unit: Unit, row: Appointment, error: AppError, language: str) -> dict[str, Any]:
    """Why a time was not to be had, and those that lie near."""
    return said_no(error, (await _place(unit, row)).zone, language)


def said_no(error: AppError, zone: str, language: str) -> dict[str, Any]:
    """The same, where the zone is known."""
    near = [msgspec.convert(one["starts_at"], datetime) for one in error.alternatives]
    days = [spelt.short_day(at, zone, spelt.chosen(language).locale) for at in near]
    named = zip(days, choices(near, zone, language), strict=True)
    return {"problem": REFUSED[type(error)], "near": [(at, f"{day}, {time}") for day, (at, time) in named]}


def contact_of(form: Mapping[str, Any], language: str) -> tuple[BookingContact | None, str]:
    """Who takes a time, as she filled the form; without her the name of the words that say what is missing."""
    given = {name: " ".join(str(form.get(name, "")).split()) for name in ("name", "email", "phone")}
    if not given["name"]:
        return None, "contact_name"
    if not given["email"] and not given["phone"]:
        return None, "contact_way"
    filled = {name: text for name, text in given.items() if text}
    try:
        return msgspec.convert({**filled, "language": language}, BookingContact), ""
    except msgspec.ValidationError as error:
        named = ("email", "phone")
        return None, next((f"contact_{name}" for name in named if f"$.{name}" in str(error)), "contact_name")


async def _place(unit: Unit, row: Appointment) -> Location:
    return (await setup.locations_by_id(unit, [row.location_id]))[row.location_id]


def _when(at: datetime, place: Location, language: str) -> str:
    day = spelt.day(at, place.zone, spelt.chosen(language).locale)
    return f"{day[:1].upper()}{day[1:]}, {_clock(at, place, language)}"


def _clock(at: datetime, place: Location, language: str) -> str:
    return spelt.clock_time(at, place.zone, spelt.chosen(language).locale)


def _money(price: Price, language: str) -> str:
    """Empty where there is nothing to pay."""
    return spelt.amount(price, spelt.chosen(language).locale) if price.amount else ""
