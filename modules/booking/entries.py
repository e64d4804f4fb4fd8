"""Appointments as calendars take them in: the same UID for as long as one exists, wherever it is read."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from kit.settings import Settings
from modules.booking.ics import CalendarEvent, EventStatus
from modules.booking.setup.wire import Location
from modules.booking.store.appointments import Appointment, BookedLeg
from modules.booking.wire import OPEN, BookingStatus


def entry(row: Appointment, place: Location, settings: Settings) -> CalendarEvent:
    """The whole visit, without a word of who comes: calendars are kept by others."""
    return _event(row, place, settings, row.legs, (row.starts_at, row.ends_at))


def entry_of_stylist(row: Appointment, place: Location, settings: Settings, stylist_id: str) -> CalendarEvent:
    """Her own part of a visit, from the first service that she does to the last."""
    own = tuple(leg for leg in row.legs if leg.stylist_id == stylist_id)
    during = min(leg.starts_at for leg in own), max(leg.ends_at for leg in own)
    return _event(row, place, settings, own, during)


def _event(
    row: Appointment,
    place: Location,
    settings: Settings,
    legs: tuple[BookedLeg, ...],
    during: tuple[datetime, datetime],
) -> CalendarEvent:
    stands = row.status in (*OPEN, BookingStatus.DONE)
    return CalendarEvent(
        uid=f"{row.id}@{urlsplit(settings.public_url).hostname}",
        sequence=row.sequence,
        summary=", ".join(dict.fromkeys(leg.name for leg in legs)),
        starts_at=during[0],
        ends_at=during[1],
        zone=place.zone,
        created_at=row.created_at or row.starts_at,
        changed_at=row.updated_at or row.created_at or row.starts_at,
        status=EventStatus.CONFIRMED if stands else EventStatus.CANCELLED,
        location=place.name,
    )
