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
from xml.etree import ElementTree

import httpx
import icalendar
import msgspec
import pytest

from modules.booking.foreign import Busy, busy
from modules.booking.ics import CalendarEvent, EventStatus, feed

STAMP = "%Y%m%dT%H%M%SZ"
CALENDAR_DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"
QUERY = """<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{window}
</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"""
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


class Calendar:
    """What a CalDAV client says to its server (RFC 4791), with nothing between."""

    def __init__(self, server: str) -> None:
        self._http = httpx.Client(auth=("lena", "any"), base_url=f"{server}lena/calendar/", timeout=10)

    def make(self) -> None:
        self._http.request("MKCALENDAR", "").raise_for_status()

    def remove(self) -> None:
        self._http.delete("").raise_for_status()
        self._http.close()

    def put(self, name: str, text: str) -> None:
        answer = self._http.put(name, content=text.encode(), headers={"Content-Type": "text/calendar"})
        assert answer.status_code in (201, 204), answer.text

    def texts(self, start: datetime | None = None, end: datetime | None = None) -> list[bytes]:
        """Every event's calendar, or of those alone that the server finds between two instants."""
        window = f'<c:time-range start="{start:{STAMP}}" end="{end:{STAMP}}"/>' if start and end else ""
        answer = self._http.request("REPORT", "", content=QUERY.format(window=window), headers={"Depth": "1"})
        found = ElementTree.fromstring(answer.raise_for_status().content).iter(CALENDAR_DATA)
        return [(one.text or "").encode() for one in found]


@pytest.fixture
def calendar(server: str) -> Iterator[Calendar]:
    made = Calendar(server)
    made.make()
    yield made
    made.remove()


def put(calendar: Calendar, event: CalendarEvent) -> None:
    calendar.put(f"{event.uid}.ics", feed("Lena", [event]).decode())


def event_of(text: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def when(calendar: Calendar) -> list[Busy]:
    return [taken for text in calendar.texts() for taken in busy(text, WINDOW, "Europe/Zurich")]


def test_an_appointment_comes_back_from_the_server_as_it_was(calendar: Calendar) -> None:
    put(calendar, BOOKED)

    (text,) = calendar.texts()
    read = event_of(text)
    assert (str(read["uid"]), int(read["sequence"]), str(read["summary"])) == (BOOKED.uid, 0, BOOKED.summary)
    assert str(read["location"]) == BOOKED.location
    assert read["dtstart"].dt == BOOKED.starts_at
    assert when(calendar) == [Busy(BOOKED.starts_at, BOOKED.ends_at)]


def test_an_appointment_that_moves_is_moved_and_never_doubled(calendar: Calendar) -> None:
    put(calendar, BOOKED)
    put(calendar, MOVED)

    (text,) = calendar.texts()
    assert int(event_of(text)["sequence"]) == 1
    assert when(calendar) == [Busy(MOVED.starts_at, MOVED.ends_at)]
    assert calendar.texts(BOOKED.starts_at, BOOKED.ends_at) == [], (
        "the server itself finds nothing at the old time"
    )
    assert len(calendar.texts(MOVED.starts_at, MOVED.ends_at)) == 1


def test_an_appointment_that_is_off_takes_no_time(calendar: Calendar) -> None:
    put(calendar, BOOKED)
    put(calendar, OFF)

    (text,) = calendar.texts()
    assert str(event_of(text)["status"]) == "CANCELLED"
    assert when(calendar) == []


def test_a_series_that_a_client_wrote_is_read_back_from_the_server(calendar: Calendar) -> None:
    calendar.put(
        "series.ics",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:series@x\r\n"
        "DTSTAMP:20261001T000000Z\r\nDTSTART:20261005T080000Z\r\nDTEND:20261005T090000Z\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE:20261012T080000Z\r\nSUMMARY:school\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:series@x\r\nDTSTAMP:20261001T000000Z\r\nRECURRENCE-ID:20261019T080000Z\r\n"
        "DTSTART:20261020T100000Z\r\nDTEND:20261020T110000Z\r\nSUMMARY:school\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )

    assert [f"{one.starts_at:%d %H}" for one in when(calendar)] == ["05 08", "20 10", "26 08"]
