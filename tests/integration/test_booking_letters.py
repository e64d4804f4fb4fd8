"""Letters about appointments, asked for over HTTP and read where a real mail server took them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from icalendar import Calendar

from kit.runtime import Runtime, attach
from kit.settings import Mail
from modules.booking.jobs import OfferFreedTime
from modules.messaging.jobs import SendMessage
from tests.integration.conftest import Salon, another_api
from tests.integration.mailbox import Mailbox, receiving
from tests.integration.parlour import GEL, Parlour, at, next_monday
from tests.integration.working import Worker

MONDAY = next_monday(2)
ADA = {"name": "Ada Größe", "email": "ada@guest.example", "language": "de"}
SENDER = "post@vernis.example"
REMINDERS = {"reminder_day", "reminder_hours"}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with receiving() as listening:
        yield listening


@pytest.fixture
def here(runtime: Runtime, mailbox: Mailbox) -> Iterator[Runtime]:
    """This process as a worker that knows the mail server."""
    mail = Mail(host="127.0.0.1", port=mailbox.port, security="none", sender=SENDER, timeout_s=1)
    changed = dataclasses.replace(runtime, settings=msgspec.structs.replace(runtime.settings, mail=mail))
    attach(changed)
    yield changed
    attach(None)


class Desk(Parlour):
    """A salon whose letters leave."""

    @property
    def worker(self) -> Worker:
        return Worker(self.runtime, self.salon.business_id)

    async def post(self) -> None:
        await self.worker.work(only="messaging.")

    async def log(self, about: str) -> dict[str, str]:
        """State of each message about an appointment, by kind; of several of a kind the newest."""
        found = await self.ask("GET", "/v1/messages", params={"about": about, "limit": 100})
        return {one["kind"]: one["state"] for one in reversed(found["items"])}

    async def due(self, about: str) -> dict[str, datetime]:
        """When what waits is to leave."""
        found = await self.ask("GET", "/v1/messages", params={"about": about, "state": "waiting"})
        return {
            one["kind"]: datetime.fromisoformat(one["due_at"])
            for one in found["items"]
            if one["state"] == "waiting"
        }


@pytest.fixture
async def desk(here: Runtime, salon: Salon) -> AsyncIterator[Desk]:
    async with another_api(here.settings) as api:
        made = Desk(here, api, salon)
        await made.open("Anna")
        quiet = {"quiet_from": "00:00", "quiet_until": "00:00"}
        await made.ask("PATCH", "/v1/messages/settings", json=quiet)
        yield made


def invitation(letter: EmailMessage) -> tuple[str, Any]:
    """Method and event of the calendar that goes along."""
    text = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(text.get_content())
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def page_of(manage: str) -> str:
    """The page that does for people what the manage link does for programs."""
    return manage.replace("/v1/manage/", "/m/")


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_who_books_gets_a_confirmation_with_her_manage_link_and_an_invitation(
    desk: Desk, mailbox: Mailbox
) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA)
    await desk.post()

    (letter,) = mailbox.letters
    assert letter["To"].addresses[0].addr_spec == ADA["email"]
    assert letter["Subject"].startswith("Gebucht: Montag")
    assert "10:00" in words(letter)
    assert desk.runtime.settings.public_url + page_of(made["links"]["manage"]) in words(letter)
    method, event = invitation(letter)
    assert (method, int(event["SEQUENCE"]), str(event["STATUS"])) == ("REQUEST", 0, "CONFIRMED")
    assert event["DTSTART"].dt == datetime.fromisoformat(made["starts_at"])
    assert event["DTEND"].dt == datetime.fromisoformat(made["ends_at"])
    assert str(event["UID"]).startswith(made["id"] + "@")
    assert str(event["ORGANIZER"]) == f"mailto:{SENDER}"
    assert str(event["ATTENDEE"]) == f"mailto:{ADA['email']}"


def calendars(letter: EmailMessage) -> tuple[str, list[Any]]:
    """Method and events of the calendar that goes along."""
    text = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(text.get_content())
    return str(calendar["METHOD"]), calendar.walk("VEVENT")


async def test_a_series_is_one_letter_with_every_date_and_one_calendar(desk: Desk, mailbox: Mailbox) -> None:
    await desk.policy(ahead_days=400)
    repeat = {"every_weeks": 2, "times": 26}
    made = await desk.book(at(MONDAY, "10:00"), contact={**ADA, "language": "en"}, repeat=repeat)
    await desk.post()

    (letter,) = mailbox.letters
    assert letter["Subject"].startswith("Booked: 26 appointments from Monday")
    method, events = calendars(letter)
    assert method == "PUBLISH"
    assert [event["DTSTART"].dt for event in events] == [
        datetime.fromisoformat(one["starts_at"]) for one in made["series"]
    ]
    assert [str(event["UID"]).partition("@")[0] for event in events] == [one["id"] for one in made["series"]]
    assert len(re.findall(r"\d{4}, 10:00", words(letter))) == 26
    total = 26 * made["price"]["amount"] / 100
    assert f"€{total:,.2f}" in words(letter)
    assert set(await desk.due(made["series"][25]["id"])) == REMINDERS, "each is reminded of by itself"


async def test_moving_one_of_a_series_at_once_takes_nothing_from_its_letter(
    desk: Desk, mailbox: Mailbox
) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA, repeat={"every_weeks": 1, "times": 3})
    await desk.ask("POST", f"/v1/bookings/{made['id']}/move", json={"starts_at": at(MONDAY, "14:00")})
    await desk.post()

    assert sorted(calendars(letter)[0] for letter in mailbox.letters) == ["PUBLISH", "REQUEST"]


async def test_calling_one_of_a_series_off_says_what_still_stands(desk: Desk, mailbox: Mailbox) -> None:
    english = {**ADA, "language": "en"}
    made = await desk.book(at(MONDAY, "10:00"), contact=english, repeat={"every_weeks": 1, "times": 4})
    _, second, third, fourth = made["series"]
    await desk.post()
    after = await desk.ask("POST", f"/v1/bookings/{second['id']}/cancel", json={})
    await desk.post()

    assert [one["status"] for one in after["series"]] == ["booked", "cancelled", "booked", "booked"]
    assert calendars(mailbox.letters[1])[0] == "CANCEL"
    said = words(mailbox.letters[1])
    assert "Still booked" in said
    assert len(re.findall(r"\d{4}, 10:00", said)) == 2

    after = await desk.ask("POST", f"/v1/bookings/{third['id']}/cancel", json={"following": True})
    await desk.post()

    assert [one["status"] for one in after["series"]] == ["booked", "cancelled", "cancelled", "cancelled"]
    _, _, letter = mailbox.letters
    method, events = calendars(letter)
    assert (method, {str(event["STATUS"]) for event in events}) == ("PUBLISH", {"CANCELLED"})
    assert {str(event["UID"]).partition("@")[0] for event in events} == {third["id"], fourth["id"]}
    assert "Cancelled too" in words(letter)
    assert await desk.due(fourth["id"]) == {}


async def test_reminders_wait_until_a_day_and_two_hours_before(desk: Desk, mailbox: Mailbox) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA)
    await desk.post()

    starts_at = datetime.fromisoformat(made["starts_at"])
    assert await desk.due(made["id"]) == {
        "reminder_day": starts_at - timedelta(hours=24),
        "reminder_hours": starts_at - timedelta(hours=2),
    }
    await desk.worker.let_time_pass(SendMessage.kind)
    await desk.post()

    assert set((await desk.log(made["id"])).items()) >= {(kind, "sent") for kind in REMINDERS}
    assert len(mailbox.letters) == 3


async def test_a_move_sends_one_update_and_its_own_reminders(desk: Desk, mailbox: Mailbox) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA)
    await desk.post()
    moved = await desk.ask("POST", f"/v1/bookings/{made['id']}/move", json={"starts_at": at(MONDAY, "14:00")})
    await desk.post()

    confirmation, update = mailbox.letters
    method, event = invitation(update)
    assert (method, int(event["SEQUENCE"])) == ("REQUEST", 1)
    assert event["UID"] == invitation(confirmation)[1]["UID"]
    assert event["DTSTART"].dt == datetime.fromisoformat(moved["starts_at"])
    assert "14:00" in words(update)
    starts_at = datetime.fromisoformat(moved["starts_at"])
    assert await desk.due(made["id"]) == {
        "reminder_day": starts_at - timedelta(hours=24),
        "reminder_hours": starts_at - timedelta(hours=2),
    }
    await desk.worker.let_time_pass(SendMessage.kind)
    await desk.post()
    assert len(mailbox.letters) == 4, "each reminder once, of the new time"
    assert all("14:00" in words(letter) for letter in mailbox.letters[2:])


async def test_calling_it_off_by_the_manage_link_takes_it_out_of_her_calendar(
    desk: Desk, mailbox: Mailbox
) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA)
    await desk.post()
    link = urlsplit(made["links"]["manage"])
    await desk.ask("POST", f"{link.path}/cancel?{link.query}", headers={}, json={})
    await desk.worker.let_time_pass(SendMessage.kind)
    await desk.post()

    _, letter = mailbox.letters
    method, event = invitation(letter)
    assert (method, int(event["SEQUENCE"]), str(event["STATUS"])) == ("CANCEL", 1, "CANCELLED")
    assert str(event["UID"]).startswith(made["id"] + "@")
    log = await desk.log(made["id"])
    assert {log[kind] for kind in REMINDERS} == {"cancelled"}


async def test_who_is_called_off_by_the_salon_reads_that_it_is_sorry(desk: Desk, mailbox: Mailbox) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact={**ADA, "language": "en"})
    await desk.ask("POST", f"/v1/bookings/{made['id']}/cancel", json={})
    await desk.post()

    (letter,) = mailbox.letters
    assert "We are sorry" in words(letter), "and the confirmation that had not left was taken back"


async def test_a_time_that_is_held_is_confirmed_when_she_confirms_it(desk: Desk, mailbox: Mailbox) -> None:
    held = await desk.book(at(MONDAY, "10:00"), contact=ADA, hold=True)
    dropped = await desk.book(at(MONDAY, "14:00"), contact=ADA, hold=True)
    await desk.ask("POST", f"/v1/bookings/{dropped['id']}/cancel", json={})
    await desk.post()
    assert mailbox.letters == []

    await desk.ask("POST", f"/v1/bookings/{held['id']}/confirm")
    await desk.post()

    assert [invitation(letter)[0] for letter in mailbox.letters] == ["REQUEST"]


async def test_who_waits_is_told_of_the_time_that_is_held_for_her(desk: Desk, mailbox: Mailbox) -> None:
    taken = [await desk.book(at(MONDAY, f"{hour}:00")) for hour in ("10", "12")]
    wait = {
        "location_id": desk.location,
        "services": [GEL],
        "earliest": at(MONDAY, "10:00"),
        "latest": at(MONDAY, "11:00"),
        "contact": {**ADA, "language": "en"},
    }
    customer = await desk.ask("POST", "/v1/visitors", 201)
    waiting = await desk.ask(
        "POST", "/v1/waitlist", 201, json={**wait, "customer_id": customer["customer_id"]}
    )
    await desk.ask("POST", f"/v1/bookings/{taken[0]['id']}/cancel", json={})
    await desk.worker.work(only=OfferFreedTime.kind)
    await desk.post()

    (letter,) = mailbox.letters
    assert "We hold this one for you" in words(letter)
    held = (await desk.ask("GET", f"/v1/waitlist/{waiting['id']}"))["booking_id"]
    link = next(line for line in words(letter).splitlines() if f"/m/{held}?" in line)
    accept = urlsplit(link.strip())
    taken_now = await desk.api.post(f"{accept.path}/confirm?{accept.query}")
    await desk.post()

    assert taken_now.status_code == 303
    assert (await desk.ask("GET", f"/v1/bookings/{held}"))["status"] == "booked"
    assert invitation(mailbox.letters[1])[0] == "REQUEST"


@pytest.mark.parametrize("contact", [None, {"name": "Ada", "phone": "+49 30 123456"}])
async def test_without_an_address_nobody_is_written_to(desk: Desk, contact: Any) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=contact)

    assert await desk.log(made["id"]) == {}


@pytest.mark.parametrize("name", ['Ada "A" Berg', "Ada; Berg: Chefin, GmbH", "Ada\n", "美月 🌙"])
async def test_whatever_she_is_called_the_letter_leaves(desk: Desk, mailbox: Mailbox, name: str) -> None:
    await desk.book(at(MONDAY, "10:00"), contact={**ADA, "name": name})
    await desk.post()

    assert invitation(mailbox.letters[0])[0] == "REQUEST"


@pytest.mark.parametrize(
    "contact", [{**ADA, "name": "Ada\nBcc: x@guest.example"}, {**ADA, "email": "ada\x01@guest.example"}]
)
async def test_a_contact_with_control_characters_is_refused(desk: Desk, contact: Any) -> None:
    await desk.book(at(MONDAY, "10:00"), contact=contact, status=422)


async def test_on_the_page_of_her_letter_she_moves_and_cancels_without_a_script(desk: Desk) -> None:
    made = await desk.book(at(MONDAY, "10:00"), contact=ADA)
    page = page_of(made["links"]["manage"])
    path, query = page.split("?")
    shown = (await desk.api.get(page, headers={"accept-language": "de"})).text
    assert "Dein Termin" in shown
    assert "10:00" in shown
    times = (await desk.api.get(f"{path}/times?{query}", headers={"accept-language": "de"})).text
    assert "Andere Zeit finden" in times
    other = next(at for at in re.findall(r'name="starts_at" value="([^"]+)"', times) if "T11:00" in at)

    moved = await desk.api.post(f"{path}/move?{query}", data={"starts_at": other})
    assert (moved.status_code, moved.headers["location"]) == (303, page)
    assert (await desk.ask("GET", f"/v1/bookings/{made['id']}"))["sequence"] == 1
    await desk.api.post(f"{path}/cancel?{query}")
    after = (await desk.api.get(page, headers={"accept-language": "de"})).text

    assert "Dieser Termin ist abgesagt." in after
    assert "<form" not in after
    assert f"{path}/times?" in after, "another time may be found"
    again = await desk.api.post(f"{path}/cancel?{query}")
    assert (again.status_code, "<h1>" in again.text) == (409, True)
