"""Calendars to subscribe to, read as a calendar program reads them: by the link and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from icalendar import Calendar

from kit.runtime import Runtime
from tests.integration.callers import hold
from tests.integration.conftest import Salon
from tests.integration.parlour import GEL, Parlour, at, next_monday

MONDAY = next_monday(2)


class House(Parlour):
    async def url(self, of: str) -> str:
        return str((await self.ask("GET", f"/v1/{of}/calendar"))["url"])

    async def read(self, url: str, **headers: str) -> httpx.Response:
        parts = urlsplit(url)
        return await self.api.get(f"{parts.path}?{parts.query}", headers=headers)

    async def events(self, of: str) -> list[Any]:
        answer = await self.read(await self.url(of))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
async def house(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> House:
    made = House(runtime, api, salon)
    await made.open("Anna", "Bea")
    return made


async def test_a_place_shows_all_its_appointments_and_nobody_s_name(house: House) -> None:
    contact = {"name": "Ada Lovelace", "email": "ada@guest.example"}
    made = await house.book(at(MONDAY, "10:00"), contact=contact, note="allergic")
    await house.book(at(MONDAY, "10:00"))
    await house.book(at(MONDAY, "14:00"), hold=True)

    events = await house.events(f"locations/{house.location}")

    assert len(events) == 2, "what is only held is not there"
    shown = next(event for event in events if str(event["UID"]).startswith(made["id"]))
    assert shown["DTSTART"].dt == datetime.fromisoformat(made["starts_at"])
    assert (str(shown["SUMMARY"]), str(shown["LOCATION"])) == (made["services"][0]["name"], "Mitte")
    text = (await house.read(await house.url(f"locations/{house.location}"))).text
    assert not any(word in text for word in ("Ada", "allergic", "guest.example"))


async def test_somebody_s_calendar_shows_her_own_part_of_a_visit(house: House) -> None:
    """Bea alone colours: of a visit that takes two, each sees what she does."""
    await house.rules(GEL, skills=["nails"])
    await house.ask("PATCH", f"/v1/schedules/{house.stylists['Anna']}", json={"skills": ["nails"]})
    carla = await house.hire("Carla", skills=["colour"])
    await house.rules("srv_hair_colour", skills=["colour"])
    made = await house.book(at(MONDAY, "10:00"), GEL, "srv_hair_colour")

    (nails,) = await house.events(f"schedules/{house.stylists['Anna']}")
    (colour,) = await house.events(f"schedules/{carla}")

    assert nails["UID"] == colour["UID"]
    for event, leg in zip((nails, colour), made["services"], strict=True):
        assert event["DTSTART"].dt == datetime.fromisoformat(leg["starts_at"])
        assert event["DTEND"].dt == datetime.fromisoformat(leg["ends_at"])
        assert str(event["SUMMARY"]) == leg["name"]
    assert await house.events(f"schedules/{house.stylists['Bea']}") == []


async def test_a_calendar_follows_what_moves_and_what_is_called_off(house: House) -> None:
    of = f"locations/{house.location}"
    made = await house.book(at(MONDAY, "10:00"))
    (before,) = await house.events(of)
    await house.ask("POST", f"/v1/bookings/{made['id']}/move", json={"starts_at": at(MONDAY, "15:00")})
    (moved,) = await house.events(of)
    await house.ask("POST", f"/v1/bookings/{made['id']}/cancel", json={})
    (off,) = await house.events(of)

    assert before["UID"] == moved["UID"] == off["UID"]
    assert [int(event["SEQUENCE"]) for event in (before, moved, off)] == [0, 1, 2]
    assert moved["DTSTART"].dt == datetime.fromisoformat(at(MONDAY, "15:00"))
    assert (str(off["STATUS"]), str(off["TRANSP"])) == ("CANCELLED", "TRANSPARENT")


async def test_what_has_not_changed_is_not_sent_again(house: House) -> None:
    await house.book(at(MONDAY, "10:00"))
    url = await house.url(f"locations/{house.location}")
    first = await house.read(url)

    again = await house.read(url, **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    await house.book(at(MONDAY, "12:00"))
    assert (await house.read(url, **{"If-None-Match": first.headers["etag"]})).status_code == 200


@pytest.mark.parametrize("of", ["schedules", "locations"])
async def test_a_new_address_takes_the_old_one_back(house: House, of: str) -> None:
    path = f"{of}/{house.location if of == 'locations' else house.stylists['Anna']}"
    old = await house.url(path)
    assert await house.url(path) == old

    new = (await house.ask("POST", f"/v1/{path}/calendar/renew"))["url"]

    assert (await house.read(old)).json()["code"] == "link_refused"
    assert (await house.read(new)).status_code == 200
    assert await house.url(path) == new


async def test_what_test_keys_book_is_in_no_calendar(
    house: House, runtime: Runtime, api: httpx.AsyncClient
) -> None:
    tester = await hold(api, runtime, house.salon, "test_key")
    await house.book(at(MONDAY, "10:00"), headers=tester.headers)

    assert await house.events(f"locations/{house.location}") == []
