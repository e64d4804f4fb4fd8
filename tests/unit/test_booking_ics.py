"""Appointments as iCalendar texts, read back by a reader of its own and by vobject."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.booking.foreign import busy
from modules.booking.ics import CalendarEvent, EventStatus, Party, cancellation, feed, invitation

AT = datetime(2026, 12, 4, 13, 30, tzinfo=UTC)
SALON, MARA = Party("desk@salon.example", "Salon; Rot, Weiß"), Party("mara@guest.example", 'Mara "M" Müller')
ZONES = (
    "Europe/Zurich",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "UTC",
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)


def appointment(**more: Any) -> CalendarEvent:
    values: dict[str, Any] = {
        "uid": "apt_1@vernis.example",
        "sequence": 0,
        "summary": "Gel manicure",
        "starts_at": AT,
        "ends_at": AT + timedelta(minutes=90),
        "zone": "Europe/Zurich",
        "created_at": AT - timedelta(days=9),
        "changed_at": AT - timedelta(days=8),
    }
    return CalendarEvent(**{**values, **more})


Line = tuple[str, dict[str, str], str]


def lines_of(ics: bytes) -> list[Line]:
    """Name, parameters and value of each content line, straight from RFC 5545, 3.1."""
    assert ics.endswith(b"\r\n")
    for raw in ics[:-2].split(b"\r\n"):
        assert len(raw) <= 75
        assert b"\n" not in raw
        assert b"\r" not in raw
        raw.decode()
    unfolded = re.sub(r"\r\n[ \t]", "", ics.decode()).split("\r\n")[:-1]
    found: list[Line] = []
    for line in unfolded:
        head, _, value = re.fullmatch(r'((?:[^":]|"[^"]*")+)(:)(.*)', line, re.DOTALL).groups()  # type: ignore[union-attr]
        name, *parameters = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', head)
        found.append((name, dict(one.split("=", 1) for one in parameters), value))
    return found


def unescaped(value: str) -> str:
    """Of a TEXT value (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def value_of(lines: list[Line], name: str) -> str:
    (value,) = [value for one, _, value in lines if one == name]
    return value


def event_of(lines: list[Line]) -> list[Line]:
    names = [f"{name}:{value}" for name, _, value in lines]
    return lines[names.index("BEGIN:VEVENT") : names.index("END:VEVENT")]


def test_a_feed_says_what_calendars_ask_for() -> None:
    lines = lines_of(feed("Lena", [appointment(location="Gasse 1", url="https://x.example/a")]))
    event = event_of(lines)

    assert value_of(lines, "PRODID") == "-//Vernis//Booking 1//EN"
    assert value_of(lines, "VERSION") == "2.0"
    assert ("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT15M") in lines
    assert value_of(lines, "X-PUBLISHED-TTL") == "PT15M"
    assert value_of(lines, "X-WR-CALNAME") == "Lena"
    assert "METHOD" not in {name for name, _, _ in lines}
    assert value_of(event, "UID") == "apt_1@vernis.example"
    assert value_of(event, "SEQUENCE") == "0"
    assert value_of(event, "STATUS") == "CONFIRMED"
    assert value_of(event, "DTSTAMP") == value_of(event, "LAST-MODIFIED") == "20261126T133000Z"
    assert ("DTSTART", {"TZID": "Europe/Zurich"}, "20261204T143000") in event
    assert ("DTEND", {"TZID": "Europe/Zurich"}, "20261204T160000") in event
    assert ("TZID", {}, "Europe/Zurich") in lines


def test_the_same_appointments_give_the_same_bytes_in_any_order() -> None:
    events = [
        appointment(uid=f"apt_{number}@x", starts_at=AT - timedelta(hours=number)) for number in range(5)
    ]

    assert feed("Lena", events) == feed("Lena", events[::-1])


def test_an_empty_feed_is_a_calendar() -> None:
    lines = lines_of(feed("Lena", []))

    assert lines[0] == ("BEGIN", {}, "VCALENDAR")
    assert lines[-1] == ("END", {}, "VCALENDAR")


@settings(deadline=None)
@given(summary=TEXT, description=TEXT, location=TEXT)
def test_any_words_come_back_as_they_were(summary: str, description: str, location: str) -> None:
    both = feed(
        "Lena", [appointment(summary=summary, description=f"{description}\n,;\\ end", location=location)]
    )
    event = event_of(lines_of(both))
    (read,) = vobject.readComponents(both.decode())

    assert unescaped(value_of(event, "SUMMARY")) == summary
    assert unescaped(value_of(event, "DESCRIPTION")) == f"{description}\n,;\\ end"
    assert read.vevent.summary.value == summary
    if location:
        assert unescaped(value_of(event, "LOCATION")) == location


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=60, deadline=None)
@given(minutes=st.integers(0, 4 * 365 * 24 * 4))
def test_a_time_is_the_same_moment_in_another_reader(zone: str, minutes: int) -> None:
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * minutes)
    event = appointment(zone=zone, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    written = feed("Lena", [event])
    getattr(vobject.icalendar, "__tzidMap").clear()  # it keeps the first zone of a name that it meets
    (read,) = vobject.readComponents(written.decode())
    folded = starts_at.astimezone(ZoneInfo(zone)).fold

    shown = event_of(lines_of(written))
    if zone == "UTC":
        assert value_of(shown, "DTSTART") == starts_at.strftime("%Y%m%dT%H%M%SZ")
    else:
        assert value_of(shown, "DTSTART") == starts_at.astimezone(ZoneInfo(zone)).strftime("%Y%m%dT%H%M%S")
    if not folded:  # an hour that is there twice is told apart by nobody
        assert read.vevent.dtstart.value.astimezone(UTC) == starts_at
        window = (starts_at - timedelta(days=2), starts_at + timedelta(days=2))
        assert busy(written, window, "UTC")[0].starts_at == starts_at


def test_an_invitation_a_change_and_a_cancellation_are_one_event_that_grows() -> None:
    booked = appointment()
    later = AT + timedelta(days=1)
    moved = msgspec.structs.replace(booked, sequence=1, starts_at=later, ends_at=later + timedelta(hours=1))
    off = msgspec.structs.replace(moved, sequence=2, status=EventStatus.CANCELLED)
    sent = [lines_of(one) for one in (
        invitation(booked, SALON, MARA, at=AT),
        invitation(moved, SALON, MARA, at=AT + timedelta(minutes=1)),
        cancellation(off, SALON, MARA, at=AT + timedelta(minutes=2)),
    )]  # fmt: skip

    assert [value_of(one, "METHOD") for one in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [value_of(one, "SEQUENCE") for one in sent] == ["0", "1", "2"]
    assert [value_of(one, "STATUS") for one in sent] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({value_of(one, "UID") for one in sent}) == 1
    assert [value_of(one, "DTSTAMP") for one in sent] == sorted({value_of(one, "DTSTAMP") for one in sent})
    (organizer,) = [(one, value) for name, one, value in sent[0] if name == "ORGANIZER"]
    (attendee,) = [(one, value) for name, one, value in sent[0] if name == "ATTENDEE"]
    assert organizer == ({"CN": '"Salon; Rot, Weiß"'}, "mailto:desk@salon.example")
    assert attendee[1] == "mailto:mara@guest.example"
    assert attendee[0]["PARTSTAT"] == "ACCEPTED"
    assert attendee[0]["RSVP"] == "FALSE"


def test_only_what_is_cancelled_is_taken_out_of_a_calendar() -> None:
    with pytest.raises(ValueError, match="CONFIRMED"):
        cancellation(appointment(), SALON, MARA, at=AT)


@pytest.mark.parametrize("change", [{"ends_at": AT}, {"starts_at": AT.replace(tzinfo=None)}])
def test_an_appointment_has_a_length_and_a_zone(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="appointment"):
        appointment(**change)


def test_what_is_cancelled_takes_no_time() -> None:
    off = appointment(status=EventStatus.CANCELLED)

    assert busy(feed("Lena", [off]), (AT - timedelta(days=1), AT + timedelta(days=1)), "UTC") == ()
