"""Rules of shared looks that need no engine: the link, who counts, what stands on a card, what the pages say."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from api.pages.formats import day, duration, money
from api.pages.language import LANGUAGES, chosen
from api.pages.render import FOLDER, HEADERS, WORDS
from api.pages.static import ADDRESSES
from kit.ids import new_id
from kit.money import Price
from kit.settings import ROOT, Settings
from modules.consent.texts import TEXTS
from modules.share import contact, links
from modules.share.cards import SHAPES, Said, layout
from modules.share.deeds import is_person
from modules.share.errors import ShareEnded, UnknownShare
from modules.share.wire import SalonContact
from tests.browser import PERSON

SETTINGS = Settings(secret="a secret of sixteen bytes and more")
TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
SHARE = new_id("shr")
TOKEN = links.token(SHARE, TOMORROW, SETTINGS)
LETTERS = string.ascii_letters + string.digits + "-_.~%/"


def test_a_token_leads_to_its_share_until_its_time_is_over() -> None:
    past = links.token(SHARE, TOMORROW - timedelta(days=2), SETTINGS)

    assert links.share_of(TOKEN, SETTINGS) == SHARE
    assert len(TOKEN) <= 72
    with pytest.raises(ShareEnded):
        links.share_of(past, SETTINGS)


def test_every_bit_of_a_token_counts() -> None:
    for place in range(len(TOKEN)):
        for bit in range(7):
            turned = TOKEN[:place] + chr(ord(TOKEN[place]) ^ 1 << bit) + TOKEN[place + 1 :]
            with pytest.raises(UnknownShare):
                links.share_of(turned, SETTINGS)


@given(st.integers(0, len(TOKEN) - 1), st.integers(1, 20), st.text(st.sampled_from(LETTERS), max_size=20))
@hypothesis(max_examples=300, deadline=None)
def test_no_other_spelling_leads_anywhere(place: int, length: int, other: str) -> None:
    spelt = TOKEN[:place] + other + TOKEN[place + length :]
    if spelt != TOKEN:
        with pytest.raises(UnknownShare):
            links.share_of(spelt, SETTINGS)


@given(st.integers(1, 10**11), st.sampled_from(["shr", "tic", "try"]))
@hypothesis(max_examples=100, deadline=None)
def test_an_expiry_is_good_for_its_own_share_alone(seconds: int, prefix: str) -> None:
    other = links.token(new_id(prefix), datetime.fromtimestamp(4_000_000_000, UTC), SETTINGS)
    name, _, signature = TOKEN.split("-")
    with pytest.raises(UnknownShare):
        links.share_of(f"{name}-{seconds:010d}-{signature}", SETTINGS)
    with pytest.raises(UnknownShare):
        links.share_of("-".join((name, *other.split("-")[1:])), SETTINGS)


@pytest.mark.parametrize(
    ("headers", "person"),
    [
        ({"user-agent": PERSON}, True),
        ({"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Instagram 300.0"}, True),
        ({"user-agent": "Mozilla/5.0 [FBAN/FBIOS;FBAV/430.0]"}, True),
        ({"user-agent": "Mozilla/5.0 (Macintosh) Safari/605.1.15 Cubot Note"}, True),
        ({"user-agent": PERSON, "sec-purpose": "prefetch"}, False),
        ({"user-agent": PERSON, "x-purpose": "preview"}, False),
        ({"user-agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"}, False),
        ({"user-agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"}, False),
        ({"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, False),
        ({"user-agent": "Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)"}, True),
        ({"user-agent": "SkypeUriPreview Preview/0.5"}, False),
        ({}, False),
    ],
)
def test_who_counts(headers: dict[str, str], person: bool) -> None:
    assert is_person(headers) is person


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("salon", ["Salon Rosa", ""])
def test_words_and_what_is_painted_keep_to_the_safe_area(shape: str, before: bool, salon: str) -> None:
    left, top, right, bottom = SHAPES[shape].safe
    card = layout(shape, Said("Lacquer Red", salon), before=before)

    assert card["size"] == (SHAPES[shape].width, SHAPES[shape].height)
    shown = {panel["picture"] for panel in card["panels"]}
    assert shown == ({0, 1} if before and shape == "preview" else {0})
    for line in card["lines"]:
        assert line["box"][0] >= left
        assert line["box"][2] <= right
        assert line["box"][3] <= max(bottom, SHAPES[shape].height if shape != "story" else bottom)
    for panel in card["panels"]:
        keep = panel["keep"]
        assert keep[0] >= panel["box"][0]
        assert keep[2] <= panel["box"][2]
        if shape == "story":
            assert top <= keep[1] < keep[3] <= bottom


def test_a_salon_without_a_watermark_is_on_no_card() -> None:
    for shape in SHAPES:
        words = [line["text"] for line in layout(shape, Said("Red", ""), before=False)["lines"]]
        assert set(words) <= {"Red", ""}


def test_all_languages_say_the_same_things() -> None:
    places = {
        language: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in words.items()}
        for language, words in WORDS.items()
    }

    assert set(places) == set(LANGUAGES)
    assert all(said == places["en"] for said in places.values())
    assert {text.language for text in TEXTS} >= set(LANGUAGES)


def test_every_word_that_is_said_is_there_and_the_other_way_round() -> None:
    templates = "\n".join(path.read_text() for path in (FOLDER / "templates").glob("*.html"))
    values = "\n".join(path.read_text() for path in (ROOT / "modules").glob("*/pages/**/*.py"))
    said = set(re.findall(r"\bw\.(\w+)", templates))
    said |= set(re.findall(r'"(\w+_(?:title|words|first))"', values))
    composed = (
        *re.findall(r'"(\w+_)" ~', templates),
        *re.findall(r'f"(\w+_)\{', values),
        *(f"{name}_" for name in re.findall(r'QuoteReason\.\w+: "(\w+)"', values)),
    )

    assert said <= set(WORDS["en"])
    left = {word for word in WORDS["en"] if word not in said and f'"{word}"' not in values}
    assert {word for word in left if not word.startswith(composed)} == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("en;q=0.2, es;q=0.3", "es"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("pt, it", "en"),
        ("de;q=high", "en"),
        (",;;=", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str, language: str) -> None:
    assert chosen(header) == language


def test_money_and_time_are_written_as_people_do() -> None:
    assert [money(Price(4500, "EUR"), language) for language in LANGUAGES] == [
        "€45", "45\u00a0€", "45\u00a0€", "45\u00a0€",
    ]  # fmt: skip
    assert money(Price(4550, "GBP"), "en") == "£45.50"
    assert money(Price(5000, "JPY"), "de") == "5.000\u00a0¥"
    assert [duration(minutes) for minutes in (0, 45, 60, 135)] == [
        "0\u00a0min", "45\u00a0min", "1\u00a0h", "2\u00a0h\u00a015\u00a0min",
    ]  # fmt: skip
    moment = datetime(2026, 12, 3, tzinfo=UTC)
    assert [day(moment, language) for language in LANGUAGES] == [
        "3 December", "3. Dezember", "3 décembre", "3 de diciembre",
    ]  # fmt: skip


def test_the_style_asks_for_what_we_serve_and_for_nothing_else() -> None:
    style = (FOLDER / "static" / "page.css").read_text()
    asked = re.findall(r'url\("?([^")]+)"?\)', style)

    assert asked
    assert set(asked) <= set(ADDRESSES)
    for path in [*(FOLDER / "static").iterdir(), *(FOLDER / "templates").iterdir()]:
        elsewhere = re.findall(r"https?://[^\s\"'<>]+", path.read_text())
        assert set(elsewhere) <= {"http://www.w3.org/2000/svg"}, path.name
        assert "style=" not in path.read_text()


def test_the_policy_lets_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}


def test_every_font_has_its_origin_and_licence() -> None:
    folder = ROOT / "assets" / "fonts"
    origin = (folder / "ORIGIN.md").read_text(encoding="utf-8")

    for path in folder.glob("*.woff2"):
        assert f"`{path.name}`" in origin
        licence = folder / f"LICENSE-{path.name.partition('-')[0]}.txt"
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text()


def test_a_booking_page_is_told_where_somebody_comes_from() -> None:
    plain, asked = (
        SalonContact(booking_url="https://s.example/book"),
        SalonContact(booking_url="https://s.example/b?a=1#x"),
    )

    assert contact.booking_address(plain, "shr_1") == "https://s.example/book?source=shr_1"
    assert contact.booking_address(asked, "shr_1") == "https://s.example/b?a=1&source=shr_1#x"
    assert contact.booking_address(SalonContact(), "shr_1") is None
    assert contact.dialled("+49 (30) 12-34.5") == "+493012345"
