"""Appointments on a real CalDAV server (Radicale): what a client puts there is read again, moved, and taken away."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import caldav
import msgspec
import pytest

from modules.booking.foreign import Busy, busy
from modules.booking.ics import CalendarEvent, EventStatus, feed

AT = datetime(2026, 12, 4, 13, 30, tzinfo=UTC)
WINDOW = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
BOOKED = CalendarEvent(
    uid="apt_1@vernis.example",
    sequence=0,
    summary="Gel manicure; with art, two fingers – Größe M",
    starts_at=AT,
    ends_at=AT + timedelta(minutes=90),
    zone="Europe/Zurich",
    created_at=AT - timedelta(days=9),
    changed_at=AT - timedelta(days=9),
    location="Lindenhofstraße 12, 8001 Zürich",
)
MOVED = msgspec.structs.replace(
    BOOKED, sequence=1, starts_at=AT + timedelta(days=7), ends_at=AT + timedelta(days=7, minutes=90)
)
OFF = msgspec.structs.replace(MOVED, sequence=2, status=EventStatus.CANCELLED)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of its own, which is stopped afterwards."""
    folder: Path = tmp_path_factory.mktemp("radicale")
    port = free_port()
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder),
        "auth-type": "none",
        "logging-level": "error",
    }
    command = [sys.executable, "-m", "radicale", *(f"--{name}={value}" for name, value in options.items())]
    process = subprocess.Popen([*command, "--config="], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}.web/", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, "radicale did not start"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def calendar(server: str) -> Iterator[caldav.Calendar]:
    with caldav.DAVClient(url=server, username="lena", password="any") as client:
        made = client.principal().make_calendar(name="Lena")
        yield made
        made.delete()


def put(calendar: caldav.Calendar, event: CalendarEvent) -> None:
    """Lay an appointment there under its UID, byte for byte: the library's own way raises the SEQUENCE."""
    assert calendar.client is not None
    url, headers = f"{calendar.url}{event.uid}.ics", {"Content-Type": "text/calendar"}
    answer = calendar.client.put(url, feed("Lena", [event]).decode(), headers)
    assert answer.status in (201, 204), answer


def texts(calendar: caldav.Calendar) -> list[bytes]:
    return [str(one.data).encode() for one in calendar.events()]


def when(calendar: caldav.Calendar) -> list[Busy]:
    return [taken for text in texts(calendar) for taken in busy(text, WINDOW, "Europe/Zurich")]


def test_an_appointment_comes_back_from_the_server_as_it_was(calendar: caldav.Calendar) -> None:
    put(calendar, BOOKED)

    (event,) = calendar.events()
    read = event.icalendar_component
    assert (str(read["uid"]), int(read["sequence"]), str(read["summary"])) == (BOOKED.uid, 0, BOOKED.summary)
    assert str(read["location"]) == BOOKED.location
    assert read["dtstart"].dt == BOOKED.starts_at
    assert when(calendar) == [Busy(BOOKED.starts_at, BOOKED.ends_at)]


def test_an_appointment_that_moves_is_moved_and_never_doubled(calendar: caldav.Calendar) -> None:
    put(calendar, BOOKED)
    put(calendar, MOVED)

    (event,) = calendar.events()
    assert int(event.icalendar_component["sequence"]) == 1
    assert when(calendar) == [Busy(MOVED.starts_at, MOVED.ends_at)]
    found = calendar.search(start=BOOKED.starts_at, end=BOOKED.ends_at, event=True)
    assert found == [], "the server itself finds nothing at the old time"
    assert len(calendar.search(start=MOVED.starts_at, end=MOVED.ends_at, event=True)) == 1


def test_an_appointment_that_is_off_takes_no_time(calendar: caldav.Calendar) -> None:
    put(calendar, BOOKED)
    put(calendar, OFF)

    (event,) = calendar.events()
    assert str(event.icalendar_component["status"]) == "CANCELLED"
    assert when(calendar) == []


def test_a_series_that_a_client_wrote_is_read_back_from_the_server(calendar: caldav.Calendar) -> None:
    calendar.save_event(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:series@x\r\n"
        "DTSTAMP:20261001T000000Z\r\nDTSTART:20261005T080000Z\r\nDTEND:20261005T090000Z\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE:20261012T080000Z\r\nSUMMARY:school\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:series@x\r\nDTSTAMP:20261001T000000Z\r\nRECURRENCE-ID:20261019T080000Z\r\n"
        "DTSTART:20261020T100000Z\r\nDTEND:20261020T110000Z\r\nSUMMARY:school\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    assert [f"{one.starts_at:%d %H}" for one in when(calendar)] == ["05 08", "20 10", "26 08"]
