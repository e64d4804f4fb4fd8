"""When somebody is busy by a calendar from elsewhere: the cases of RFC 5545, two other readers, and hostile texts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from modules.booking.foreign import MOST_BYTES, Busy, busy
from modules.booking.ics_errors import CalendarRefused, CalendarTooLarge
from modules.booking.recurrence import Budget, rule_of, starts

ZURICH = "Europe/Zurich"
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
PATIENCE_S = 2.0
"""Of the processor's time: the slowest of these takes a third of a second on a machine that is free."""


def calendar(*events: str, before: str = "") -> bytes:
    parts = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{before}{parts}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def taken(
    *events: str, window: tuple[datetime, datetime] = YEAR, zone: str = ZURICH, before: str = ""
) -> list[str]:
    """`2026-12-04 14:30 – 16:00`, by the clock in Zürich."""
    there = ZoneInfo(ZURICH)
    return [
        f"{one.starts_at.astimezone(there):%Y-%m-%d %H:%M} – {one.ends_at.astimezone(there):%d %H:%M}"
        for one in busy(calendar(*events, before=before), window, zone)
    ]


def test_one_event() -> None:
    event = "UID:1\nDTSTART;TZID=Europe/Zurich:20261204T143000\nDTEND;TZID=Europe/Zurich:20261204T160000"
    assert taken(event) == ["2026-12-04 14:30 – 04 16:00"]


def test_a_series_keeps_its_time_on_the_wall_when_the_clocks_change() -> None:
    event = "UID:1\nDTSTART;TZID=Europe/Zurich:20260326T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5"
    assert taken(event) == [f"2026-03-{day} 09:00 – {day} 10:00" for day in (26, 27, 28, 29, 30)]


def test_a_series_with_exceptions_additions_and_changes() -> None:
    series = """UID:1
DTSTART;TZID=Europe/Zurich:20260105T090000
DTEND;TZID=Europe/Zurich:20260105T100000
RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260121T080000Z
EXDATE;TZID=Europe/Zurich:20260107T090000
EXDATE:20260112T080000Z
RDATE;TZID=Europe/Zurich:20260110T110000"""
    moved = """UID:1
RECURRENCE-ID;TZID=Europe/Zurich:20260114T090000
DTSTART;TZID=Europe/Zurich:20260115T170000
DTEND;TZID=Europe/Zurich:20260115T173000"""
    off = """UID:1
RECURRENCE-ID;TZID=Europe/Zurich:20260119T090000
DTSTART;TZID=Europe/Zurich:20260119T090000
DTEND;TZID=Europe/Zurich:20260119T100000
STATUS:CANCELLED"""
    assert (
        taken(series, moved, off)
        == taken(off, moved, series)
        == [
            "2026-01-05 09:00 – 05 10:00",
            "2026-01-10 11:00 – 10 12:00",
            "2026-01-15 17:00 – 15 17:30",
            "2026-01-21 09:00 – 21 10:00",
        ]
    )


def test_of_two_changes_of_one_day_the_newer_counts() -> None:
    series = "UID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1"
    change = "UID:1\nSEQUENCE:{}\nRECURRENCE-ID:20260105T090000Z\nDTSTART:20260105T{}0000Z\nDURATION:PT1H"
    assert taken(change.format(2, 15), series, change.format(1, 12)) == ["2026-01-05 16:00 – 05 17:00"]


def test_a_whole_day_is_the_salons_day() -> None:
    assert taken("UID:1\nDTSTART;VALUE=DATE:20260401") == ["2026-04-01 00:00 – 02 00:00"]
    assert taken("UID:1\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260404") == [
        "2026-04-01 00:00 – 04 00:00"
    ]
    new_york = taken("UID:1\nDTSTART;VALUE=DATE:20260401", zone="America/New_York")
    assert new_york == ["2026-04-01 06:00 – 02 06:00"]


def test_whole_days_in_a_series_are_taken_out_by_their_date() -> None:
    event = "UID:1\nDTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260329"
    assert taken(event) == ["2026-03-28 00:00 – 29 00:00", "2026-03-30 00:00 – 31 00:00"]


def test_a_floating_time_is_meant_where_the_salon_is() -> None:
    event = "UID:1\nDTSTART:20260401T090000\nDTEND:20260401T100000"
    assert taken(event) == ["2026-04-01 09:00 – 01 10:00"]
    assert taken(event, zone="Asia/Tokyo") == ["2026-04-01 02:00 – 01 03:00"]


def test_lines_may_be_folded_anywhere() -> None:
    event = "UID:1\nDTSTART;TZID=Europe/Zu\n rich:20260401T0\n\t90000\nDURATION:PT\n 1H"
    assert taken(event) == ["2026-04-01 09:00 – 01 10:00"]


@pytest.mark.parametrize(
    "free",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "status:cancelled"],
)
def test_what_takes_no_time_is_left_out(free: str) -> None:
    assert taken(f"UID:1\nDTSTART:20260401T090000Z\nDURATION:PT1H\n{free}") == []


def test_times_that_touch_are_joined_and_cut_to_the_window() -> None:
    events = [f"UID:{hour}\nDTSTART:20260401T{hour:02}0000Z\nDURATION:PT1H" for hour in (9, 10, 12)]
    window = (datetime(2026, 4, 1, 9, 30, tzinfo=UTC), datetime(2026, 4, 1, 12, 15, tzinfo=UTC))
    assert busy(calendar(*events), window, ZURICH) == (
        Busy(window[0], datetime(2026, 4, 1, 11, tzinfo=UTC)),
        Busy(datetime(2026, 4, 1, 12, tzinfo=UTC), window[1]),
    )


def test_a_night_that_began_before_the_window_reaches_into_it() -> None:
    event = "UID:1\nDTSTART:20200101T220000Z\nDURATION:PT8H\nRRULE:FREQ=DAILY"
    window = (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    assert busy(calendar(event), window, ZURICH) == (Busy(window[0], datetime(2026, 4, 1, 6, tzinfo=UTC)),)


def test_an_additional_period_has_a_length_of_its_own() -> None:
    event = "UID:1\nDTSTART:20260401T090000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260402T090000Z/PT3H"
    assert taken(event) == ["2026-04-01 11:00 – 01 12:00", "2026-04-02 11:00 – 02 14:00"]


def test_a_zone_of_the_calendars_own_is_believed() -> None:
    zone = """BEGIN:VTIMEZONE
TZID:Salon time
BEGIN:STANDARD
DTSTART:16011028T030000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
    event = "UID:1\nDTSTART;TZID=Salon time:20260{}01T090000\nDURATION:PT1H"
    assert taken(event.format(7), before=zone) == ["2026-07-01 08:00 – 01 09:00"]
    assert taken(event.format(2), before=zone) == ["2026-02-01 08:00 – 01 09:00"]


def test_outlooks_names_of_zones_are_known() -> None:
    event = "UID:1\nDTSTART;TZID=W. Europe Standard Time:20260701T090000\nDURATION:PT1H"
    assert taken(event) == ["2026-07-01 09:00 – 01 10:00"]


def test_events_without_a_uid_stand_for_themselves() -> None:
    events = [f"DTSTART:202604{day:02}T090000Z\nDURATION:PT1H" for day in (1, 2)]
    assert len(taken(*events)) == 2


RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds(
        "FREQ=DAILY;BYMONTH={};BYDAY={}".format, st.integers(1, 12), st.sampled_from(["MO", "TU,FR", "SU"])
    ),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={};WKST={}".format,
        st.integers(1, 5),
        st.sampled_from(["MO", "TU,TH", "SA,SU", "MO,TU,WE,TH,FR"]),
        st.sampled_from(["MO", "SU"]),
    ),
    st.builds("FREQ=WEEKLY;INTERVAL={}".format, st.integers(1, 5)),
    st.builds("FREQ=MONTHLY;INTERVAL={}".format, st.integers(1, 14)),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from(["1", "31", "-1", "15,-2", "13"])),
    st.builds("FREQ=MONTHLY;BYDAY={}".format, st.sampled_from(["1MO", "-1FR", "2TU,4TU", "5WE", "SA"])),
    st.just("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
    st.builds(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format, st.sampled_from(["-1", "1", "2,-2", "23"])
    ),
    st.builds("FREQ=YEARLY;INTERVAL={}".format, st.integers(1, 4)),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, st.integers(1, 12), st.sampled_from(["1SU", "-1SU", "TU"])),
    st.builds("FREQ=YEARLY;BYDAY={}".format, st.sampled_from(["20MO", "-1FR"])),
    st.builds("FREQ=YEARLY;BYMONTHDAY={}".format, st.integers(1, 31)),
    st.just("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    st.just("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=TU"),
)  # fmt: skip
ENDINGS = st.one_of(
    st.just(""),
    st.builds(";COUNT={}".format, st.integers(1, 60)),
    st.builds(";UNTIL={:%Y%m%dT%H%M%S}".format, st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1))),
)


@given(
    rule=RULES,
    ending=ENDINGS,
    start=st.datetimes(datetime(2019, 1, 1), datetime(2026, 1, 1)).map(
        lambda one: one.replace(microsecond=0)
    ),
)
@settings(max_examples=400, deadline=None)
def test_rules_are_expanded_as_another_library_expands_them(rule: str, ending: str, start: datetime) -> None:
    begins, ends = datetime(2025, 6, 1), datetime(2026, 6, 1)
    parts: dict[str, Sequence[Any]] = {
        name: value.split(",") for name, value in (part.split("=") for part in (rule + ending).split(";"))
    }
    until = parts.pop("UNTIL", None)
    last = datetime.fromisoformat(until[0]) if until else None
    ours = list(starts(rule_of(parts, start, last), start, begins, ends, Budget(400_000)))

    theirs = rrulestr(rule + ending, dtstart=start).between(begins, ends)
    assert ours == theirs


@given(
    rule=RULES,
    ending=ENDINGS,
    zone=st.sampled_from([ZURICH, "America/Sao_Paulo", "Australia/Lord_Howe"]),
    hour=st.integers(4, 22),
)
@settings(max_examples=100, deadline=None)
def test_a_series_is_as_busy_as_another_reader_says(rule: str, ending: str, zone: str, hour: int) -> None:
    if "UNTIL" in ending:
        ending += "Z"
    event = f"UID:1\nDTSTART;TZID={zone}:20250107T{hour:02}0000\nDURATION:PT45M\nRRULE:{rule}{ending}"
    ics = calendar(event)
    window = (datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    theirs = recurring_ical_events.of(Calendar.from_ical(ics)).between(*window)

    assert [one.starts_at for one in busy(ics, window, zone)] == sorted(
        one["dtstart"].dt.astimezone(UTC) for one in theirs
    )


DAY = "UID:1\nDTSTART:20260101T000000Z\nDURATION:PT1H\n"
NEVER = (
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5",
    "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "RRULE:FREQ=YEARLY;INTERVAL=9999",
)


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_never_comes_true_again_is_left_in_time(rule: str) -> None:
    began = time.process_time()
    events = [f"UID:{number}\nDTSTART:20260101T000000Z\nDURATION:PT1H\n{rule}" for number in range(200)]

    assert taken(*events) == ["2026-01-01 01:00 – 01 02:00"]
    assert time.process_time() - began < PATIENCE_S


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1;BYSECOND=0",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=SOMETIMES",
        "COUNT=3",
    ],
)
def test_rules_that_people_do_not_have_are_refused_at_once(rule: str) -> None:
    began = time.process_time()
    with pytest.raises(CalendarRefused):
        taken(f"{DAY}RRULE:{rule}")
    assert time.process_time() - began < PATIENCE_S


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=20;BYDAY=1SU",
        "FREQ=DAILY",
    ],
)
def test_hostile_rules_of_a_time_zone_are_refused_before_they_are_parsed(rule: str) -> None:
    began = time.process_time()
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Trap\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\n"
        f"TZOFFSETTO:+0200\nRRU\n LE:{rule}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    with pytest.raises(CalendarRefused):
        taken("UID:1\nDTSTART;TZID=Trap:20260101T000000\nDURATION:PT1H", before=zone)
    assert time.process_time() - began < PATIENCE_S


def test_many_old_daily_series_are_read_and_too_many_are_refused_in_time() -> None:
    series = "UID:{}\nDTSTART:19700101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    assert len(taken(*(series.format(number) for number in range(100)))) == 365
    began = time.process_time()
    with pytest.raises(CalendarTooLarge):
        taken(*(series.format(number) + ";COUNT=999999" for number in range(1000)))
    assert time.process_time() - began < PATIENCE_S


@pytest.mark.parametrize(
    "ics",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        calendar("UID:1\nDTSTART:not a time"),
        calendar("UID:1\nSUMMARY:no beginning"),
        calendar("UID:1\nDTSTART:20260101T000000Z\nDTSTART:20260102T000000Z"),
        calendar(DAY + "RECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z"),
        calendar(DAY + "SEQUENCE:many"),
        calendar(DAY + "EXDATE:never"),
    ],
)
def test_what_is_no_calendar_is_refused_or_empty(ics: bytes) -> None:
    with suppress(CalendarRefused):
        assert busy(ics, YEAR, ZURICH) == ()


def test_a_calendar_that_is_too_large_is_refused_unread() -> None:
    began = time.process_time()
    for ics in (
        b"x" * (MOST_BYTES + 1),
        calendar(*["UID:1"] * 5_001),
        calendar(DAY + "EXDATE:" + ",".join(["20260101T000000Z"] * 60_000))[:MOST_BYTES],
        b"BEGIN:VEVENT\r\n" * 50_000,
    ):
        with pytest.raises(CalendarTooLarge):
            busy(ics, YEAR, ZURICH)
    assert time.process_time() - began < PATIENCE_S


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_text_brings_anything_but_an_answer_or_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(
        calendar(
            DAY + "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601T000000Z\nEXDATE:20260105T000000Z",
            "UID:1\nRECURRENCE-ID:20260112T000000Z\nDTSTART:20260113T000000Z\nDURATION:PT1H",
        )
    )
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = busy(bytes(whole), YEAR, ZURICH)
    except CalendarRefused:
        return
    assert list(found) == sorted(found)
    assert all(YEAR[0] <= one.starts_at < one.ends_at <= YEAR[1] for one in found)


def test_a_window_is_bounded() -> None:
    with pytest.raises(ValueError, match="400 days"):
        busy(calendar(DAY), (YEAR[0], YEAR[0] + timedelta(days=401)), ZURICH)
