"""Booking a shared look from its page, as a browser without a script does: price, times, a hold, a name, booked."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from kit.runtime import Runtime
from tests.integration.conftest import Salon
from tests.integration.parlour import ZONE, Parlour
from tests.integration.sharing import BROWSER, RED, Shared, share
from tests.integration.working import Worker

OURS = {"sec-fetch-site": "same-origin"}


class Page:
    """A page as it was answered: its forms' fields, its times, its links."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self.text, self.status = answer, answer.text, answer.status_code

    @property
    def words(self) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def given(self) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.text))

    @property
    def times(self) -> list[str]:
        listed = self.text.partition('class="times"')[2]
        return re.findall(r'name="starts_at" value="([^"]+)"', listed)

    @property
    def near(self) -> list[str]:
        listed = self.text.partition('class="near"')[2].partition("</form>")[0]
        return re.findall(r'name="starts_at" value="([^"]+)"', listed)

    def link(self, part: str) -> str:
        found = re.search(rf'(?:href|action)="([^"]*{re.escape(part)}[^"]*)"', self.text)
        assert found is not None, f"no link to {part} in {self.words}"
        return html.unescape(found[1])


class Friend:
    """Somebody who was sent the link."""

    def __init__(self, shared: Shared) -> None:
        self.shared, self.api = shared, shared.api

    async def open(self, path: str, **headers: str) -> Page:
        self.api.cookies.clear()
        return Page(await self.api.get(path, headers=BROWSER | headers))

    async def book(self, query: str = "", **headers: str) -> Page:
        return await self.open(f"{self.shared.path}/book{query}", **headers)

    async def send(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        self.api.cookies.clear()
        return await self.api.post(path, data=form, headers=BROWSER | OURS | headers)

    async def hold(self, page: Page, at: str) -> str:
        """The path of the page on which she takes it."""
        answer = await self.send(f"{self.shared.path}/book", {**page.given, "starts_at": at})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def take(self, path: str, **contact: str) -> Page:
        page = await self.open(path)
        answer = await self.send(page.link("/confirm?"), contact)
        return await self.open(answer.headers["location"]) if answer.status_code == 303 else Page(answer)


@pytest.fixture
async def parlour(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Parlour:
    return await Parlour(runtime, api, salon).open("Anna", "Bea")


@pytest.fixture
async def friend(api: httpx.AsyncClient, runtime: Runtime, salon: Salon, hand_photo: bytes) -> Friend:
    return Friend(await share(api, runtime, salon, hand_photo))


def booking_id(path: str) -> str:
    return path.removeprefix("/m/").partition("?")[0]


async def test_from_the_link_to_a_chair_without_a_script(
    parlour: Parlour, friend: Friend, worker: Worker
) -> None:
    page = await friend.book()
    assert (page.status, "€32" in page.words, "Manicure with Polish" in page.words) == (200, True, True)
    asked = {"location_id": parlour.location, "from": page.times[0], "until": page.times[-1], "designs": RED}
    slots = (await parlour.ask("GET", "/v1/slots", params=asked))["items"]
    offered = [datetime.fromisoformat(at) for at in page.times[:-1]]
    assert [datetime.fromisoformat(one["starts_at"]) for one in slots] == offered

    path = await friend.hold(page, page.times[3])
    held = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")
    before = await friend.open(path)
    assert re.search("Free to move or cancel until|once booked, a change costs", before.words)
    booked = await friend.take(path, name="Mara", email="mara@guest.example")

    assert (held["status"], held["contact"], held["minutes"]) == ("held", None, 45)
    assert "mara@guest.example" in booked.words
    made = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")
    assert (made["status"], made["starts_at"]) == ("booked", held["starts_at"])
    assert made["contact"] == {"name": "Mara", "email": "mara@guest.example", "phone": None, "language": "en"}
    assert made["price"]["amount"] == 3200
    entry = await friend.open(booked.link("/calendar.ics?"))
    (event,) = Calendar.from_ical(entry.text).walk("VEVENT")
    assert event["DTSTART"].dt == datetime.fromisoformat(made["starts_at"])
    assert entry.answer.headers["content-type"].startswith("text/calendar")
    await worker.work(only="share.")
    assert (await friend.shared.counts())["booked"] == 1


async def test_what_has_to_come_off_first_changes_price_and_length(parlour: Parlour, friend: Friend) -> None:
    quote = await parlour.ask("POST", "/v1/quotes", json={"designs": [RED], "wishes": {"wearing": "gel"}})

    page = await friend.book("?wearing=gel")
    path = await friend.hold(page, page.times[0])
    held = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")

    assert "Taking off: Gel" in page.words
    assert (held["price"], held["minutes"], held["quote"]) == (
        quote["price"],
        quote["minutes"],
        quote["lines"],
    )


async def test_a_form_that_is_sent_twice_holds_once(parlour: Parlour, friend: Friend) -> None:
    page = await friend.book()
    form = {**page.given, "starts_at": page.times[0]}
    answers = await asyncio.gather(*(friend.send(f"{friend.shared.path}/book", form) for _ in range(4)))
    settled = [answer for answer in answers if answer.status_code == 303]
    again = await friend.send(f"{friend.shared.path}/book", form)

    assert settled
    assert {answer.headers["location"] for answer in [*settled, again]} == {settled[0].headers["location"]}
    listed = await parlour.ask("GET", "/v1/bookings")
    assert [one["status"] for one in listed["items"]] == ["held"]


async def test_a_time_that_was_taken_meanwhile_is_answered_with_those_near(
    parlour: Parlour, friend: Friend
) -> None:
    page = await friend.book()
    at = page.times[0]
    for _ in range(2):
        await parlour.book(at, headers=parlour.salon.headers)

    answer = await friend.send(f"{friend.shared.path}/book", {**page.given, "starts_at": at})
    refused = Page(answer)

    assert refused.status == 409
    assert "That time has just been taken." in refused.words
    assert refused.near
    assert at not in [*refused.near, *refused.times]
    path = await friend.hold(refused, refused.near[0])
    assert (await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}"))["status"] == "held"


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ({"name": "", "email": "a@b.example"}, "Please tell us your name."),
        ({"name": "Mara"}, "an e-mail address or a phone number"),
        ({"name": "Mara", "email": "nowhere"}, "This e-mail address does not look right."),
        ({"name": "Mara", "phone": "call me"}, "This phone number does not look right."),
    ],
)
async def test_who_leaves_no_way_to_reach_her_is_asked_again(
    parlour: Parlour, friend: Friend, contact: dict[str, str], words: str
) -> None:
    page = await friend.book()
    path = await friend.hold(page, page.times[0])

    refused = await friend.take(path, **contact)

    assert (refused.status, words in refused.words) == (422, True)
    assert f'value="{contact["name"]}"' in refused.text, "what she typed stays"
    taken = await friend.take(path, name="Mara", phone="+49 30 123456")
    assert "Keep the address of this page" in taken.words
    assert (await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}"))["status"] == "booked"


async def test_a_hold_that_is_over_leads_to_other_times(parlour: Parlour, friend: Friend) -> None:
    page = await friend.book()
    path = await friend.hold(page, page.times[0])
    await parlour.ask("POST", f"/v1/bookings/{booking_id(path)}/cancel", json={})

    over = await friend.open(path)
    others = await friend.open(over.link("/times?"))
    answer = await friend.send(others.link("/again?"), {**others.given, "starts_at": others.times[1]})
    taken = await friend.take(answer.headers["location"], name="Mara", phone="+49 30 123456")

    assert "<form" not in over.text
    assert page.times[0] in others.times
    assert "Booked." in taken.words
    made = await parlour.ask("GET", f"/v1/bookings/{booking_id(answer.headers['location'])}")
    assert datetime.fromisoformat(made["starts_at"]) == datetime.fromisoformat(others.times[1])
    again = await friend.send(others.link("/again?"), {**others.given, "starts_at": others.times[1]})
    assert again.headers["location"] == answer.headers["location"], "sent twice, it is booked once"


async def test_on_her_page_another_time_is_found_by_the_same_picker(parlour: Parlour, friend: Friend) -> None:
    page = await friend.book()
    path = await friend.hold(page, page.times[0])
    booked = await friend.take(path, name="Mara", phone="+49 30 123456")

    others = await friend.open(booked.link("/times?"))
    to = others.times[-1]
    for _ in range(2):
        answer = await friend.send(others.link("/move?"), {**others.given, "starts_at": to})
        assert answer.headers["location"] == path

    moved = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")
    assert datetime.fromisoformat(moved["starts_at"]) == datetime.fromisoformat(to)
    assert moved["sequence"] == 1, "sent twice, it moves once"


@pytest.mark.usefixtures("parlour")
async def test_later_days_are_on_the_next_page(friend: Friend) -> None:
    first = await friend.book()
    second = await friend.open(first.link("since="))

    days = [
        {datetime.fromisoformat(at).astimezone(ZONE).date() for at in page.times} for page in (first, second)
    ]
    assert [len(of) for of in days] == [7, 7]
    assert min(days[1]) == max(days[0]) + timedelta(days=1)
    assert "Earliest times" in second.words


async def test_hair_is_asked_after_before_anything_is_priced(
    api: httpx.AsyncClient,
    runtime: Runtime,
    salon: Salon,
    hand_photo: bytes,
    parlour: Parlour,
    friend: Friend,
) -> None:
    blond = await _a_blond(parlour)
    friend = Friend(await share(api, runtime, salon, hand_photo, design=blond))
    await parlour.policy(ahead_days=120)

    asked = await friend.book()
    page = await friend.book("?level=3&history=natural")
    path = await friend.hold(page, page.times[8])
    held = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")
    booked = await friend.take(path, name="Mara", phone="+49 30 123456")

    assert "What is your hair like now?" in asked.words
    assert asked.times == []
    assert "A patch test comes first" in page.words
    assert len(held["series"]) > 2
    for one in held["series"]:
        assert (await parlour.ask("GET", f"/v1/bookings/{one['id']}"))["status"] == "booked"
    assert "Cancel this and all that follow" in booked.words
    answer = await friend.send(booked.link("/cancel?"), {"following": "yes"})
    after = await parlour.ask("GET", f"/v1/bookings/{booking_id(answer.headers['location'])}")
    test, *sessions = after["series"]
    assert test["status"] == "booked", "what comes before stands"
    assert {one["status"] for one in sessions} == {"cancelled"}


async def _a_blond(parlour: Parlour) -> str:
    found = await parlour.ask("GET", "/v1/designs", params={"kind": "hair", "limit": 50})
    full = [one for one in found["items"] if one["layer"].get("style", "full") == "full"]
    return str(max(full, key=lambda one: one["layer"].get("level", 5))["id"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "¿Qué llevas ahora en las uñas?"),
        ("fr", "Choisissez un horaire"),
        ("de", "Such dir eine Zeit aus"),
    ],
)
async def test_it_speaks_the_readers_language_to_the_end(
    parlour: Parlour, friend: Friend, language: str, words: str
) -> None:
    page = await friend.book(**{"accept-language": language})
    assert words in page.words
    path = await friend.hold(page, page.times[0])
    spoken = {"accept-language": language}
    await friend.send(
        (await friend.open(path)).link("/confirm?"), {"name": "Mara", "phone": "030 123456"}, **spoken
    )

    made = await parlour.ask("GET", f"/v1/bookings/{booking_id(path)}")
    assert made["contact"]["language"] == language


async def test_a_look_that_is_no_longer_on_offer_leads_to_the_salon(parlour: Parlour, friend: Friend) -> None:
    page = await friend.book()
    await parlour.ask("PUT", f"/v1/catalog/shelf/{RED}", json={"hidden": True})

    after = await friend.book()
    answer = await friend.send(f"{friend.shared.path}/book", {**page.given, "starts_at": page.times[0]})

    assert (after.status, after.times) == (200, [])
    assert answer.status_code in (303, 404)


async def test_a_link_that_is_over_books_nothing(parlour: Parlour, friend: Friend) -> None:
    page = await friend.book()
    headers = {"authorization": f"Bearer {friend.shared.visitor.token}"}
    await friend.api.delete(f"/v1/shares/{friend.shared.id}", headers=headers)

    answer = await friend.send(f"{friend.shared.path}/book", {**page.given, "starts_at": page.times[0]})

    assert ((await friend.book()).status, answer.status_code) == (410, 410)
    assert (await parlour.ask("GET", "/v1/bookings"))["items"] == []


@pytest.mark.parametrize(
    ("changed", "headers", "status"),
    [
        ({}, {"sec-fetch-site": "cross-site"}, 403),
        ({"key": ""}, {}, 422),
        ({"key": "x" * 300}, {}, 422),
        ({"starts_at": "soon"}, {}, 422),
        ({"starts_at": "2031-01-01T10:00:00+00:00"}, {}, 422),
        ({"starts_at": "2020-01-01T10:00:00+00:00"}, {}, 422),
    ],
)
async def test_a_form_that_is_not_ours_holds_nothing(
    parlour: Parlour, friend: Friend, changed: dict[str, str], headers: dict[str, str], status: int
) -> None:
    page = await friend.book()
    form: dict[str, Any] = {**page.given, "starts_at": page.times[0], **changed}

    answer = await friend.send(f"{friend.shared.path}/book", form, **headers)

    assert (answer.status_code, "<h1>" in answer.text) == (status, True)
    assert (await parlour.ask("GET", "/v1/bookings"))["items"] == []


@pytest.mark.usefixtures("parlour")
async def test_people_without_a_name_cannot_hold_the_whole_day(friend: Friend) -> None:
    page = await friend.book()
    answers = [
        await friend.send(f"{friend.shared.path}/book", {**page.given, "starts_at": at})
        for at in page.times[::4][:30]
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(303) == 24
    assert 503 in statuses
    assert answers[-1].headers["retry-after"]
