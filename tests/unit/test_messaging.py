"""What messages say in each language, and when they may be sent."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError, UndefinedError

from kit.money import Price
from kit.settings import ROOT
from modules.messaging import language as spelt
from modules.messaging.address import address_hash, on_the_wire
from modules.messaging.content import sentence
from modules.messaging.contexts import CancelledVisit, SharedLook, Visit
from modules.messaging.kinds import RULES, Kind
from modules.messaging.language import LANGUAGES, chosen
from modules.messaging.quiet import next_allowed
from modules.messaging.render import Rendered, render
from modules.messaging.samples import NAME, NOW, sample
from modules.messaging.schedule import JITTER, WAITS, wait_before
from modules.messaging.wire import MessageSettings

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
SETTINGS = MessageSettings(
    sender_name="Atelier <Rot> & Söhne", reply_to="a@b.example", footer="Gasse 1\n8001 Zürich"
)
UNSUBSCRIBE = "https://vernis.example/u?a=1&b=2"


def written(kind: Kind, tag: str, about: Any = None, **more: Any) -> Rendered:
    values = {"name": NAME, "zone": "Europe/Zurich", "now": NOW, "unsubscribe_url": UNSUBSCRIBE, **more}
    return render(kind, about or sample(kind), SETTINGS, language=chosen(tag), **values)


def shape(words: Any) -> Any:
    """The keys, and how many sentences there are under each."""
    if isinstance(words, dict):
        return {key: shape(value) for key, value in words.items()}
    return len(words) if isinstance(words, list) else None


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_says_everything(tag: str) -> None:
    books = {
        language: tomllib.loads((spelt.FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        for language in ("en", tag)
    }
    assert shape(books[tag]) == shape(books["en"])
    assert {*Kind} <= set(books[tag])


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_is_whole(kind: Kind, tag: str) -> None:
    letter = written(kind, tag)

    for text in (letter.subject, letter.text, letter.html):
        assert "{{" not in text
        assert "{%" not in text
        assert "None" not in text
    assert len(letter.subject) <= 90
    assert letter.html.count("<a ") == 1 + RULES[kind].optional, "one button, and the way out"
    assert "<img" not in letter.html
    assert "url(" not in letter.html
    assert ("b=2" in letter.text) is RULES[kind].optional
    assert len(letter.html) < 100_000, "longer letters are cut by mail clients"


def test_what_a_context_brings_along_is_text_and_never_markup_nor_code() -> None:
    nasty = "<script>alert(1)</script>{{ 7 * 7 }}\"'"
    look = SharedLook(url="https://x.example/?a=1&b=2", by=nasty, look=nasty, expires_at=NOW, note=nasty)
    letter = written(Kind.SHARED_LOOK, "en", look, name=nasty)

    assert "<script>" not in letter.html
    assert "49" not in letter.html + letter.text.replace("2049", "")
    assert "{{ 7 * 7 }}" in letter.text
    assert "Atelier &lt;Rot&gt; &amp; Söhne" in letter.html


def test_sentences_reach_nothing_of_python() -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        sentence("{{ ''.__class__.__mro__[1].__subclasses__() }}")


@pytest.mark.parametrize(
    ("wanted", "words", "locale"),
    [
        (("de-AT", "en"), "de", "de_AT"),
        (("it", "fr-CH"), "fr", "fr_CH"),
        (("tlh", ""), "en", "en"),
        (("", "es"), "es", "es"),
        (("DE", "en"), "de", "de"),
        (("de-XX-nonsense", "en"), "de", "de"),
    ],
)
def test_the_first_language_with_words_is_taken_and_dates_follow_it(
    wanted: tuple[str, ...], words: str, locale: str
) -> None:
    language = chosen(*wanted)

    assert (language.words, str(language.locale)) == (words, locale)


@pytest.mark.parametrize(
    ("tag", "day", "at", "price"),
    [
        ("en-US", "Friday, December 4", "2:30\u202fPM", "CHF\xa084.00"),
        ("en-GB", "Friday, 4 December", "14:30", "CHF\xa084.00"),
        ("de-CH", "Freitag, 4. Dezember", "14:30", "CHF\xa084.00"),
        ("de-DE", "Freitag, 4. Dezember", "14:30", "84,00\xa0CHF"),
        ("fr-FR", "vendredi 4 décembre", "14:30", "84,00\xa0CHF"),
        ("es-ES", "viernes 4 de diciembre", "14:30", "84,00\xa0CHF"),
    ],
)
def test_days_times_and_money_are_spelt_as_the_reader_spells_them(
    tag: str, day: str, at: str, price: str
) -> None:
    locale, starts_at = chosen(tag).locale, datetime(2026, 12, 4, 13, 30, tzinfo=UTC)

    assert spelt.day(starts_at, "Europe/Zurich", locale).replace("\xa0", " ") == day
    assert spelt.clock_time(starts_at, "Europe/Zurich", locale) == at
    assert spelt.amount(Price(amount=8_400, currency="CHF"), locale) == price


@pytest.mark.parametrize(
    ("currency", "shown"), [("JPY", "¥1,250"), ("EUR", "€12.50"), ("KWD", "KWD\xa01.250")]
)
def test_money_has_the_decimals_of_its_currency(currency: str, shown: str) -> None:
    assert spelt.amount(Price(amount=1250, currency=currency), chosen("en").locale) == shown


def test_times_are_those_of_the_place() -> None:
    visit = sample(Kind.APPOINTMENT_CONFIRMED)
    for zone, at in {"Europe/Zurich": "14:30", "Asia/Tokyo": "22:30", "America/New_York": "08:30"}.items():
        assert at in written(Kind.APPOINTMENT_CONFIRMED, "en-GB", visit, zone=zone).subject


def test_tomorrow_is_by_the_calendar_and_not_by_the_hours() -> None:
    late = NOW.replace(hour=22, minute=59)  # 23:59 in Zürich, the day before
    early = late + timedelta(minutes=2)
    assert written(Kind.REMINDER_DAY, "en", now=late).subject.startswith("Tomorrow at")
    assert written(Kind.REMINDER_DAY, "en", now=early).subject.startswith("Today at")
    assert written(Kind.REMINDER_DAY, "en", now=late - timedelta(days=1)).subject.startswith(
        "Friday, December"
    )


def test_a_cancellation_says_who_and_what_it_costs() -> None:
    base: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW, "services": ("Cut",), "location": "Here"}
    base["book_url"] = "https://x.example"
    free = written(Kind.APPOINTMENT_CANCELLED, "en", CancelledVisit(**base)).text
    late = CancelledVisit(**base, fee=Price(amount=2_000, currency="EUR"))
    ours = written(Kind.APPOINTMENT_CANCELLED, "en", CancelledVisit(**base, by_salon=True)).text

    assert "There is nothing to pay." in free
    assert "a fee of €20.00 applies" in written(Kind.APPOINTMENT_CANCELLED, "en", late).text
    assert "We are sorry" in ours
    assert "pay" not in ours


def test_the_invitation_does_not_show_in_the_words() -> None:
    visit = sample(Kind.APPOINTMENT_CONFIRMED)
    assert isinstance(visit, Visit)
    assert "VCALENDAR" not in written(Kind.APPOINTMENT_CONFIRMED, "en", visit).text


@settings(deadline=None)
@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    quiet=st.tuples(st.times(), st.times()).map(
        lambda pair: tuple(one.replace(second=0, microsecond=0) for one in pair)
    ),
)
def test_nothing_is_due_in_quiet_hours_and_nothing_waits_longer_than_they_last(
    at: datetime, zone: str, quiet: tuple[time, time]
) -> None:
    begins, ends = quiet
    due = next_allowed(at, zone, begins, ends)
    wall = due.astimezone(ZoneInfo(zone)).time()

    assert due >= at
    assert due - at <= timedelta(hours=25)
    assert next_allowed(due, zone, begins, ends) == due
    if begins < ends:
        assert not begins <= wall < ends
    if begins > ends:
        assert ends <= wall < begins


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        (
            "Europe/Berlin",
            "2027-03-27T23:30+00:00",
            "2027-03-28T06:00+00:00",
        ),  # the clocks go on in this night
        ("Europe/Berlin", "2026-10-24T23:30+00:00", "2026-10-25T07:00+00:00"),  # and back in this one
        ("Asia/Kolkata", "2026-12-01T18:00+00:00", "2026-12-02T02:30+00:00"),
        ("America/New_York", "2026-12-02T04:00+00:00", "2026-12-02T13:00+00:00"),
        ("Asia/Tokyo", "2026-12-01T22:59+00:00", "2026-12-01T23:00+00:00"),
        ("Europe/Berlin", "2026-12-01T12:00+00:00", "2026-12-01T12:00+00:00"),
    ],
)
def test_the_morning_is_the_one_on_the_wall_there(zone: str, at: str, due: str) -> None:
    allowed = next_allowed(datetime.fromisoformat(at), zone, time(21), time(8))

    assert allowed == datetime.fromisoformat(due)


def test_waits_grow_and_end() -> None:
    for tries, least in enumerate(WAITS):
        waits = [wait_before(tries) for _ in range(50)]
        assert all(wait is not None and least <= wait <= least * (1 + JITTER) for wait in waits)
    assert list(WAITS) == sorted(set(WAITS))
    assert wait_before(len(WAITS)) is None


def test_an_address_has_one_hash_in_a_business_and_another_in_the_next() -> None:
    one = address_hash("secret", "biz_1", "Mara@guest.example")

    assert one == address_hash("secret", "biz_1", "mara@GUEST.example")
    assert (
        len(
            {
                one,
                address_hash("secret", "biz_2", "mara@guest.example"),
                address_hash("s", "biz_1", "mara@guest.example"),
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("mara@bücher.example", "mara@xn--bcher-kva.example"),
        ("a b@x.example", '"a b"@x.example'),
        ("mara@x.example", "mara@x.example"),
    ],
)
def test_an_address_goes_over_the_wire_as_servers_read_it(address: str, sent: str) -> None:
    assert on_the_wire(address) == sent


def test_the_page_names_every_kind_and_the_schedule_that_is_kept() -> None:
    page = (ROOT / "docs" / "messaging.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (yes|no) \| (yes|no) \|", page, flags=re.MULTILINE)
    (said,) = re.findall(r"tried again after (.+?), each wait", page)
    units = {"min": "minutes", "h": "hours"}
    waits = [timedelta(**{units[unit]: int(number)}) for number, unit in re.findall(r"(\d+) (min|h)", said)]

    words = {True: "yes", False: "no"}
    assert rows == [(kind, words[RULES[kind].prompt], words[RULES[kind].optional]) for kind in Kind]
    assert (timedelta(), *waits) == WAITS


@pytest.mark.parametrize(("hour", "words"), [(13, "a las 14:30"), (0, "a la 1:30")])
def test_in_spanish_one_oclock_is_one(hour: int, words: str) -> None:
    starts_at = datetime(2026, 12, 4, hour, 30, tzinfo=UTC)
    visit = msgspec.structs.replace(sample(Kind.REMINDER_DAY), starts_at=starts_at)

    assert words in written(Kind.REMINDER_DAY, "es", visit).subject
