"""Appointments as iCalendar texts (RFC 5545): feeds that calendars subscribe to, and invitations (RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText
from msgspec import Struct

from modules.booking.ics_zone import zone_component

PRODUCT = "-//Vernis//Booking 1//EN"
REFRESH = timedelta(minutes=15)
MARGIN = timedelta(days=366)
"""Before the first and after the last appointment, for which zones are spelt out."""


class EventStatus(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class CalendarEvent(Struct, frozen=True, kw_only=True):
    """One appointment for calendars. Times carry a zone; `zone` is the IANA name in which they are written.

    uid: the same for as long as the appointment exists (`apt_…@host`). sequence: grows with every change that its
    people must hear of. changed_at: of the newest change of any kind.
    """

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    created_at: datetime
    changed_at: datetime
    status: EventStatus = EventStatus.CONFIRMED
    location: str = ""
    description: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("an appointment's times carry a zone")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"an appointment ends after it starts, got {self.starts_at} to {self.ends_at}")


class Party(Struct, frozen=True):
    """Somebody at an appointment, by e-mail address."""

    email: str
    name: str = ""


def feed(name: str, events: Sequence[CalendarEvent], *, refresh: timedelta = REFRESH) -> bytes:
    """A calendar to subscribe to. The same events give the same bytes, so that an ETag holds.

    refresh: how often it is to be read (RFC 7986, and the older X-PUBLISHED-TTL for Outlook).
    """
    calendar = _calendar(name=name)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _duration(refresh))
    for event in sorted(events, key=lambda one: (one.starts_at, one.uid)):
        calendar.add_component(_component(event, stamp=event.changed_at))
    return _written(calendar, events)


def invitation(event: CalendarEvent, organizer: Party, attendee: Party, *, at: datetime) -> bytes:
    """What goes along with a letter: METHOD:REQUEST, also for an update, which has the UID and a greater SEQUENCE.

    at: when this text is made. The attendee has accepted already: she booked.
    """
    return _addressed("REQUEST", event, organizer, attendee, at)


def cancellation(event: CalendarEvent, organizer: Party, attendee: Party, *, at: datetime) -> bytes:
    """METHOD:CANCEL: takes the appointment out of her calendar. event: cancelled, with a greater SEQUENCE."""
    if event.status is not EventStatus.CANCELLED:
        raise ValueError(f"only a cancelled appointment is taken out of a calendar, got {event.status}")
    return _addressed("CANCEL", event, organizer, attendee, at)


def publication(events: Sequence[CalendarEvent], organizer: Party | None, *, at: datetime) -> bytes:
    """METHOD:PUBLISH: several appointments in one text, to be taken in or, where they are cancelled, out again.

    A request speaks of one UID (RFC 5546, 3.2.2); each of these has its own, so that what follows can speak of one.
    organizer: None where nobody has an address; then it is a plain calendar, of which no method is asked.
    """
    calendar = _calendar(method="PUBLISH" if organizer else "")
    for event in sorted(events, key=lambda one: (one.starts_at, one.uid)):
        component = _component(event, stamp=at)
        if organizer:
            component.add("organizer", _address(organizer))
        calendar.add_component(component)
    return _written(calendar, events)


def _addressed(method: str, event: CalendarEvent, organizer: Party, attendee: Party, at: datetime) -> bytes:
    calendar = _calendar(method=method)
    component = _component(event, stamp=at)
    component.add("organizer", _address(organizer))
    answered = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    component.add("attendee", _address(attendee, **answered), encode=False)
    calendar.add_component(component)
    return _written(calendar, [event])


def _calendar(*, name: str = "", method: str = "") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    return calendar


def _component(event: CalendarEvent, *, stamp: datetime) -> Event:
    zone = ZoneInfo(event.zone)
    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", stamp.astimezone(UTC))
    component.add("created", event.created_at.astimezone(UTC))
    component.add("last-modified", event.changed_at.astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(zone))
    component.add("dtend", event.ends_at.astimezone(zone))
    component.add("summary", event.summary)
    component.add("status", event.status.value)
    component.add("transp", "TRANSPARENT" if event.status is EventStatus.CANCELLED else "OPAQUE")
    for name in ("location", "description", "url"):
        if value := getattr(event, name):
            component.add(name, value)
    return component


def _address(party: Party, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    if party.name:
        address.params["CN"] = vText(party.name)
    for name, value in parameters.items():
        address.params[name] = vText(value)
    return address


def _written(calendar: Calendar, events: Sequence[CalendarEvent]) -> bytes:
    """With each zone spelt out, before the events, for the years that are needed."""
    for name in sorted({event.zone for event in events} - {"UTC"}):
        own = [event for event in events if event.zone == name]
        first = min(event.starts_at for event in own) - MARGIN
        last = max(event.ends_at for event in own) + MARGIN
        calendar.subcomponents.insert(0, zone_component(name, first, last))
    written: bytes = calendar.to_ical(sorted=True)
    return written


def _duration(time: timedelta) -> str:
    return f"PT{int(time.total_seconds() // 60)}M"
