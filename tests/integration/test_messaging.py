"""Messages: what leaves when, what is kept of it, what is tried again, and who is left in peace."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from sqlalchemy import select, text, update

from kit import clock
from kit.money import Price
from kit.outbox.claim import claim
from kit.outbox.dispatch import reap
from kit.outbox.tables import jobs
from kit.person import Person
from kit.runtime import Runtime, attach
from kit.settings import Mail
from modules.accounts.scopes import Role
from modules.customers import service as customers
from modules.messaging import attempt, personal, service
from modules.messaging.contexts import CancelledVisit, Visit
from modules.messaging.jobs import SendMessage
from modules.messaging.kinds import Kind
from modules.messaging.schedule import JITTER, WAITS
from modules.messaging.service import Recipient
from modules.messaging.smtp import SmtpMailer
from tests.integration.callers import PASSWORD, hire
from tests.integration.conftest import Salon
from tests.integration.mailbox import CLOSE, Mailbox, receiving
from tests.integration.working import Worker, dump
from workers.subscriptions import LAST_WORDS

NOON = datetime(2027, 3, 3, 11, 0, tzinfo=UTC)  # 12:00 in Zürich
ADDRESS = "mara.muster@guest.example"
CONSOLE = "https://console.salon.example/door"


def visit(starts_at: datetime = NOON + timedelta(days=2)) -> Visit:
    return Visit(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        services=("Gel manicure",),
        location="Atelier",
        manage_url="https://vernis.example/a/1",
        price=Price(amount=8_400, currency="CHF"),
        invitation="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
    )


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with receiving() as listening:
        yield listening


@pytest.fixture
def here(runtime: Runtime, mailbox: Mailbox) -> Iterator[Runtime]:
    """This process as a worker that knows the mail server."""
    mail = Mail(
        host="127.0.0.1",
        port=mailbox.port,
        security="none",
        sender="post@vernis.example",
        timeout_s=1,
        console_url=CONSOLE,
    )
    changed = dataclasses.replace(runtime, settings=msgspec.structs.replace(runtime.settings, mail=mail))
    attach(changed)
    yield changed
    attach(None)


class Wall:
    """The clock on the wall, which a test sets."""

    def __init__(self) -> None:
        self.now = NOON


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    one = Wall()
    monkeypatch.setattr(clock, "now", lambda: one.now)
    return one


class Post:
    """A salon's messages: putting them into the post, and a worker that does what is due."""

    def __init__(self, here: Runtime, salon: Salon, api: httpx.AsyncClient) -> None:
        self.here, self.salon, self._api = here, salon, api
        self.worker = Worker(here, salon.business_id)

    async def kept(self, needle: str) -> set[str]:
        """The tables in which the salon keeps something that a superuser can find."""
        found = await dump(self.here, needle)
        return {table for table, rows in found.items() if any(self.salon.business_id in row for row in rows)}

    async def customer(self, *, test: bool = False) -> str:
        async with self.here.db.tenant(self.salon.business_id) as unit:
            return await customers.create(unit, test=test)

    async def send(self, kind: Kind = Kind.APPOINTMENT_CONFIRMED, key: str = "1", **more: Any) -> str:
        customer_id = more.pop("customer_id", None) or await self.customer()
        to = Recipient(more.pop("email", ADDRESS), "Mara", more.pop("language", "de-CH"), customer_id)
        async with self.here.db.tenant(self.salon.business_id) as unit:
            context = more.pop("context", None) or visit()
            return await service.send(unit, kind, to, context, key=key, zone="Europe/Zurich", **more)

    async def work(self) -> None:
        """Do what is due by the database's clock, and nothing else."""
        await self.worker.work(only="messaging.")

    async def wait(self) -> None:
        """Let the time come for what waits."""
        await self.worker.let_time_pass(SendMessage.kind)
        await self.work()

    async def ask(self, path: str, method: str = "GET", **more: Any) -> Any:
        answer = await self._api.request(method, f"/v1{path}", headers=self.salon.headers, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def log(self, message_id: str) -> Any:
        return await self.ask(f"/messages/{message_id}")

    async def state(self, message_id: str) -> tuple[str, str | None]:
        message = (await self.log(message_id))["message"]
        return message["state"], message["error"]

    async def due(self, message_id: str) -> datetime:
        """When the one job that may make the next attempt is to run."""
        async with self.here.db.tenant(self.salon.business_id) as unit:
            row = await unit.one_or_none(text(f"SELECT job_id FROM messages WHERE id = '{message_id}'"))
            assert row is not None
            job = await unit.one_or_none(select(jobs.c.run_at).where(jobs.c.id == row.job_id))
            assert job is not None
            at: datetime = job.run_at
            return at


@pytest.fixture
def post(here: Runtime, salon: Salon, api: httpx.AsyncClient) -> Post:
    return Post(here, salon, api)


async def no_quiet_hours(post: Post) -> None:
    """Whatever the hour is at which the tests run."""
    await post.ask("/messages/settings", "PATCH", json={"quiet_from": "00:00", "quiet_until": "00:00"})


async def test_a_confirmation_arrives_and_then_neither_address_nor_words_are_kept(
    post: Post, mailbox: Mailbox
) -> None:
    message_id = await post.send(about="apt_1")
    assert await post.kept(ADDRESS) == {"messages"}
    await post.work()

    (letter,) = mailbox.letters
    assert letter["Subject"].startswith("Gebucht: Freitag, 5.")
    assert letter["From"].addresses[0].display_name == "Salon"
    assert letter["List-Unsubscribe"] is None
    body = letter.get_body(("html",))
    assert body is not None
    assert "https://vernis.example/a/1" in body.get_content()
    assert "CHF\N{NO-BREAK SPACE}84.00" in body.get_content()
    assert [part.get_filename() for part in letter.iter_attachments()] == ["appointment.ics"]

    log = await post.log(message_id)
    assert (log["message"]["state"], log["message"]["about"], log["message"]["tries"]) == ("sent", "apt_1", 1)
    assert len(log["message"]["address_hash"]) == 32
    assert len(log["message"]["body_sha256"]) == 64
    assert [(one["verdict"], one["code"]) for one in log["attempts"]] == [("accepted", 250)]
    assert await post.kept(ADDRESS) == set()
    assert await post.kept("vernis.example/a/1") == set()


async def test_what_is_rolled_back_is_never_sent(post: Post, mailbox: Mailbox) -> None:
    async def send_and_stumble() -> None:
        async with post.here.db.tenant(post.salon.business_id) as unit:
            await service.send(unit, Kind.APPOINTMENT_CONFIRMED, Recipient(ADDRESS), visit(), key="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await send_and_stumble()
    await post.work()

    assert mailbox.letters == []
    assert (await post.ask("/messages"))["items"] == []


async def test_one_key_is_one_letter_however_often_and_at_once_it_is_sent(
    post: Post, mailbox: Mailbox
) -> None:
    customer_id = await post.customer()
    ids = await asyncio.gather(*(post.send(customer_id=customer_id) for _ in range(8)))
    await post.work()
    await post.send(customer_id=customer_id)
    await post.work()

    assert len(set(ids)) == 1
    assert len(mailbox.letters) == 1


async def test_a_context_of_another_kind_is_refused(post: Post) -> None:
    with pytest.raises(TypeError, match="CancelledVisit"):
        await post.send(Kind.APPOINTMENT_CANCELLED, context=visit())


async def test_what_the_server_puts_off_is_tried_again_by_the_schedule(
    post: Post, mailbox: Mailbox, wall: Wall
) -> None:
    mailbox.at_rcpt += ["451 4.7.1 greylisted", "421 4.3.2 closing"]
    message_id = await post.send()
    await post.work()
    first = await post.due(message_id) - wall.now
    await post.wait()
    second = await post.due(message_id) - wall.now
    await post.wait()

    assert WAITS[1] <= first <= WAITS[1] * (1 + JITTER)
    assert WAITS[2] <= second <= WAITS[2] * (1 + JITTER)
    assert await post.state(message_id) == ("sent", None)
    assert [one["code"] for one in (await post.log(message_id))["attempts"]] == [451, 421, 250]
    assert len(mailbox.letters) == 1


async def test_after_the_last_attempt_a_message_has_failed(post: Post, mailbox: Mailbox) -> None:
    mailbox.at_rcpt += ["451 4.3.0 no"] * len(WAITS)
    message_id = await post.send()
    await post.work()
    for _ in WAITS:
        await post.wait()

    log = await post.log(message_id)
    assert (log["message"]["state"], log["message"]["tries"]) == ("failed", len(WAITS))
    assert mailbox.letters == []
    assert await post.kept(ADDRESS) == set()


async def test_an_address_that_nobody_has_is_written_to_once(post: Post, mailbox: Mailbox) -> None:
    mailbox.at_rcpt.append("550 5.1.1 nobody here")
    customer_id = await post.customer()
    first = await post.send(customer_id=customer_id)
    await post.work()
    second = await post.send(Kind.APPOINTMENT_CONFIRMED, "2", customer_id=customer_id, email=ADDRESS.title())
    await post.work()

    assert await post.state(first) == ("failed", "recipient_refused")
    assert await post.state(second) == ("suppressed", "bounced")
    assert mailbox.envelopes == []


async def test_a_bounce_is_forgotten_in_time(post: Post, mailbox: Mailbox) -> None:
    mailbox.at_rcpt.append("550 5.1.1 nobody here")
    await post.send()
    await post.work()
    async with post.here.db.tenant(post.salon.business_id) as unit:
        over = await unit.execute(text("UPDATE message_suppressions SET ends_at = now()"))
        assert over.rowcount == 1
    again = await post.send(key="2")
    await post.work()

    assert await post.state(again) == ("sent", None)


async def test_a_letter_that_is_refused_fails_and_its_address_stays_good(
    post: Post, mailbox: Mailbox
) -> None:
    mailbox.at_data.append("554 5.6.0 looks like spam")
    first = await post.send()
    await post.work()
    second = await post.send(key="2")
    await post.work()

    assert await post.state(first) == ("failed", "letter_refused")
    assert await post.state(second) == ("sent", None)


async def test_a_server_that_is_away_costs_time_and_no_letter(runtime: Runtime, post: Post) -> None:
    dead = msgspec.structs.replace(post.here.settings.mail, port=1)
    attach(dataclasses.replace(post.here, settings=msgspec.structs.replace(runtime.settings, mail=dead)))
    message_id = await post.send()
    await post.work()
    assert await post.state(message_id) == ("waiting", "not_connected")

    attach(post.here)
    await post.wait()
    assert await post.state(message_id) == ("sent", None)


async def test_without_a_mail_server_the_log_says_so(runtime: Runtime, post: Post) -> None:
    attach(runtime)
    message_id = await post.send()
    await post.work()

    assert await post.state(message_id) == ("failed", "no_mail_server")


async def lose_a_worker(post: Post, message_id: str) -> None:
    """A worker takes the job, sends the letter, and dies before it writes that down."""
    due = await post.worker._due()
    (job_id,) = [one for one, kind in due if kind == SendMessage.kind]
    job = await claim(post.here.db, job_id, worker="doomed", lease_s=60)
    assert job is not None
    async with post.here.db.tenant(post.salon.business_id) as unit:
        letter = await attempt.begin(unit, message_id, job.id, post.here.settings)
    assert letter is not None
    sent = await attempt.post(letter, SmtpMailer(post.here.settings.mail))
    assert sent.outcome.code == 250
    await let_the_lease_run_out(post, job.id)


async def let_the_lease_run_out(post: Post, job_id: str) -> None:
    async with post.here.db.tenant(post.salon.business_id) as unit:
        await unit.execute(
            update(jobs).where(jobs.c.id == job_id).values(lease_until=text("now() - interval '1 s'"))
        )
    async with post.here.db.system() as unit:
        assert await reap(unit, max_attempts=10, last_words=LAST_WORDS)


async def test_a_worker_lost_between_sending_and_writing_sends_one_duplicate_that_can_be_told(
    post: Post, mailbox: Mailbox
) -> None:
    message_id = await post.send()
    await lose_a_worker(post, message_id)
    await post.work()

    assert await post.state(message_id) == ("sent", None)
    assert len(mailbox.letters) == 2
    assert len(set(mailbox.ids)) == 1


async def test_however_many_workers_are_lost_there_is_one_duplicate_at_most(
    post: Post, mailbox: Mailbox
) -> None:
    message_id = await post.send()
    await lose_a_worker(post, message_id)
    await lose_a_worker(post, message_id)
    await post.work()

    assert len(mailbox.letters) == 2
    assert await post.state(message_id) == ("failed", "worker_lost")


async def test_a_server_that_keeps_falling_silent_gets_a_letter_twice_at_most(
    post: Post, mailbox: Mailbox
) -> None:
    mailbox.at_data += [CLOSE] * 5
    message_id = await post.send()
    await post.work()
    for _ in range(4):
        await post.wait()

    assert len(mailbox.letters) == 2
    assert await post.state(message_id) == ("failed", "no_answer")


async def test_a_job_that_killed_every_worker_goes_on_as_a_failed_attempt(post: Post) -> None:
    message_id = await post.send()
    async with post.here.db.tenant(post.salon.business_id) as unit:
        await attempt.count_lost(unit, message_id)

    log = await post.log(message_id)
    assert (log["message"]["state"], log["message"]["tries"]) == ("waiting", 1)
    assert [one["error"] for one in log["attempts"]] == ["worker_lost"]


async def test_a_reminder_that_is_due_at_night_waits_for_the_morning_and_a_confirmation_does_not(
    post: Post, wall: Wall
) -> None:
    wall.now = datetime(2027, 3, 3, 22, 30, tzinfo=UTC)  # 23:30 in Zürich
    reminder = await post.send(Kind.REMINDER_DAY, "reminder")
    confirmation = await post.send(Kind.APPOINTMENT_CONFIRMED, "confirmation")
    await post.work()

    assert await post.state(confirmation) == ("sent", None)
    assert await post.state(reminder) == ("waiting", None)
    assert await post.due(reminder) == datetime(2027, 3, 4, 7, 0, tzinfo=UTC)  # 8:00 in Zürich

    wall.now = datetime(2027, 3, 4, 7, 0, tzinfo=UTC)
    await post.wait()
    assert await post.state(reminder) == ("sent", None)


@pytest.mark.usefixtures("wall")
async def test_quiet_hours_that_were_changed_hold_for_what_waits_already(
    post: Post, mailbox: Mailbox
) -> None:
    message_id = await post.send(Kind.REMINDER_DAY)
    await post.ask("/messages/settings", "PATCH", json={"quiet_from": "11:00", "quiet_until": "15:00"})
    await post.work()

    assert mailbox.letters == []
    assert await post.due(message_id) == datetime(2027, 3, 3, 14, 0, tzinfo=UTC)


async def test_a_reminder_that_comes_too_late_stays_away(post: Post, mailbox: Mailbox, wall: Wall) -> None:
    at = wall.now + timedelta(hours=2)
    message_id = await post.send(Kind.REMINDER_HOURS, due=wall.now + timedelta(minutes=5), until=at)
    wall.now = at
    await post.wait()

    assert mailbox.letters == []
    assert await post.state(message_id) == ("expired", "too_late")


async def test_what_was_taken_back_is_not_sent(post: Post) -> None:
    old = await post.send(Kind.REMINDER_DAY, "old", about="apt_1")
    other = await post.send(Kind.APPOINTMENT_CONFIRMED, "other", about="apt_2")
    async with post.here.db.tenant(post.salon.business_id) as unit:
        assert await service.take_back(unit, "apt_1", (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)) == 1
    await post.wait()

    assert await post.state(old) == ("cancelled", None)
    assert await post.state(other) == ("sent", None)


async def test_what_was_taken_back_on_its_way_and_arrived_is_logged_as_sent(post: Post) -> None:
    message_id = await post.send(about="apt_1")
    ((job_id, _),) = await post.worker._due()
    async with post.here.db.tenant(post.salon.business_id) as unit:
        letter = await attempt.begin(unit, message_id, job_id, post.here.settings)
    assert letter is not None
    sent = await attempt.post(letter, SmtpMailer(post.here.settings.mail))
    async with post.here.db.tenant(post.salon.business_id) as unit:
        await service.take_back(unit, "apt_1")
        await attempt.settle(unit, sent, post.here.settings)

    assert await post.state(message_id) == ("sent", None)


async def test_who_unsubscribed_still_hears_what_she_must_know(
    post: Post, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    await no_quiet_hours(post)
    await post.send(Kind.REMINDER_DAY)
    await post.work()
    link = mailbox.letters[0]["List-Unsubscribe"].strip("<>")
    path = f"{urlsplit(link).path}?{urlsplit(link).query}"
    asked = await api.get(path)
    assert (asked.status_code, asked.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Keine Erinnerungen" in asked.text
    assert ADDRESS not in link + asked.text
    before = await post.send(Kind.REMINDER_DAY, "before")
    await post.work()
    done = await api.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "Erledigt" in done.text) == (200, True)

    reminder = await post.send(Kind.REMINDER_DAY, "after")
    confirmation = await post.send(Kind.APPOINTMENT_CONFIRMED, "confirmation")
    await post.work()

    assert await post.state(before) == ("sent", None), "looking at the link changes nothing"
    assert await post.state(reminder) == ("suppressed", "unsubscribed")
    assert await post.state(confirmation) == ("sent", None)


async def test_a_test_customer_gets_no_letter(post: Post, mailbox: Mailbox) -> None:
    message_id = await post.send(customer_id=await post.customer(test=True))
    await post.work()

    assert mailbox.letters == []
    assert await post.state(message_id) == ("suppressed", "test_customer")


async def test_who_is_erased_gets_nothing_more_and_nothing_is_left(
    post: Post, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    customer_id = await post.customer()
    mailbox.at_rcpt.append("550 5.1.1 nobody here")
    await post.send(customer_id=customer_id)
    await post.work()
    waits = await post.send(Kind.REMINDER_DAY, "2", customer_id=customer_id, due=NOON + timedelta(days=999))
    begun = await api.post(f"/v1/customers/{customer_id}/erasure", headers=post.salon.headers)
    assert begun.status_code == 202
    await post.worker.work(only="privacy.")
    await post.wait()

    erasure = await post.ask(f"/erasures/{begun.json()['id']}")
    assert (erasure["erased"]["messages"], erasure["erased"]["message_suppressions"]) == (2, 1)
    assert mailbox.letters == []
    assert await post.kept(ADDRESS) == set()
    assert await post.kept(waits) <= {"jobs"}


async def test_an_export_tells_what_was_sent_and_what_waits(post: Post) -> None:
    customer_id = await post.customer()
    await post.send(customer_id=customer_id)
    await post.work()
    await post.send(Kind.REMINDER_DAY, "2", customer_id=customer_id, due=NOON + timedelta(days=999))
    async with post.here.db.tenant(post.salon.business_id) as unit:
        told = (await personal.export(unit, Person(customer_id))).records

    sent, waiting = told["messages"]
    assert (sent["state"], sent["address"], sent["context"]) == ("sent", None, None)
    assert (waiting["state"], waiting["address"]) == ("waiting", ADDRESS)
    assert waiting["context"]["location"] == "Atelier"
    assert [one["verdict"] for one in told["message_attempts"]] == ["accepted"]


async def test_the_log_is_forgotten_in_time_and_what_waits_is_not(post: Post) -> None:
    old, new = await post.send(key="old"), await post.send(key="new")
    await post.work()
    waits = await post.send(Kind.REMINDER_DAY, "waits", due=NOON + timedelta(days=999))
    async with post.here.db.tenant(post.salon.business_id) as unit:
        await unit.execute(text(f"UPDATE messages SET ended_at = now() - interval '91 d' WHERE id = '{old}'"))
        await unit.execute(text("UPDATE messages SET created_at = now() - interval '999 d'"))
    await service.forget_old(post.here.db, 90)

    left = [one["id"] for one in (await post.ask("/messages"))["items"]]
    assert left == [waits, new]


async def test_the_log_is_read_page_by_page_and_by_what_it_is_about(post: Post) -> None:
    customer_id = await post.customer()
    ids = [await post.send(key=str(number), about=f"apt_{number}") for number in range(3)]
    hers = await post.send(key="hers", customer_id=customer_id)
    first = await post.ask("/messages?limit=2")
    second = await post.ask(f"/messages?limit=2&cursor={first['next_cursor']}")

    assert [one["id"] for one in first["items"] + second["items"]] == [hers, *reversed(ids)]
    assert second["next_cursor"] is None
    assert [one["id"] for one in (await post.ask("/messages?about=apt_1"))["items"]] == [ids[1]]
    assert [one["id"] for one in (await post.ask(f"/messages?customer_id={customer_id}"))["items"]] == [hers]
    assert (await post.ask("/messages?status=sent"))["items"] == []


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_can_be_previewed_in_every_language(post: Post, kind: Kind) -> None:
    await post.ask(
        "/messages/settings", "PATCH", json={"sender_name": "Atelier Rot", "zone": "Europe/Zurich"}
    )
    shown = [
        await post.ask(f"/messages/preview?kind={kind}&language={tag}")
        for tag in ("en-GB", "de-AT", "fr", "es-ES", "tlh")
    ]

    assert [one["language"] for one in shown] == ["en", "de", "fr", "es", "en"]
    assert len({one["subject"] for one in shown}) >= 4
    assert all("Atelier Rot" in one["html"] and "Atelier Rot" in one["text"] for one in shown)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "Europe/Atlantis"}, "bad_zone"),
        ({"zone": "../../etc/passwd"}, "bad_zone"),
        ({"reply_to": "nobody"}, "bad_email"),
        ({"quiet_from": "24:00"}, "invalid"),
        ({"sender_name": "Salon\r\nBcc: x"}, "invalid"),
    ],
)
async def test_settings_that_cannot_be_are_refused(
    salon: Salon, api: httpx.AsyncClient, change: dict[str, str], code: str
) -> None:
    answer = await api.patch("/v1/messages/settings", json=change, headers=salon.headers)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_reception_reads_the_log_and_changes_nothing(
    runtime: Runtime, salon: Salon, api: httpx.AsyncClient
) -> None:
    reception = await hire(runtime, salon, Role.RECEPTION)
    read = await api.get("/v1/messages", headers=reception.headers)
    write = await api.patch("/v1/messages/settings", json={"footer": "x"}, headers=reception.headers)

    assert (read.status_code, write.status_code) == (200, 403)


async def test_an_invitation_to_the_staff_arrives_and_opens_the_door(
    post: Post, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    asked = {"email": "rosa@salon.example", "role": "stylist"}
    invited = await api.post("/v1/staff/invitations", json=asked, headers=post.salon.headers)
    assert invited.status_code == 201
    await post.work()

    (letter,) = mailbox.letters
    body = letter.get_body(("plain",))
    assert body is not None
    (link,) = [line for line in body.get_content().splitlines() if line.startswith(CONSOLE)]
    token = link.partition("#invitation=")[2]
    taken = {"token": token, "name": "Rosa", "password": PASSWORD}
    assert (await api.post("/v1/staff/invitations/accept", json=taken)).status_code == 201
    assert await post.kept(token) == set(), "neither database nor job holds a token"


async def test_a_password_reset_arrives_once_and_not_at_all_when_it_was_withdrawn(
    post: Post, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    member = await hire(post.here, post.salon)
    await post.work()
    mailbox.letters.clear()
    asked = {"business_id": post.salon.business_id, "email": member.email}
    for _ in range(2):  # the second ends the first, before either was sent
        assert (await api.post("/v1/staff/password-resets", json=asked)).status_code == 202
    await post.work()

    (letter,) = mailbox.letters
    body = letter.get_body(("plain",))
    assert body is not None
    assert f"{CONSOLE}#password_reset=vp_" in body.get_content()


async def test_another_salon_reads_nothing(post: Post, other_salon: Salon, api: httpx.AsyncClient) -> None:
    message_id = await post.send()
    answer = await api.get(f"/v1/messages/{message_id}", headers=other_salon.headers)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_message")


async def test_a_cancellation_tells_who_called_it_off_and_what_it_costs(post: Post, mailbox: Mailbox) -> None:
    off = CancelledVisit(
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        services=("Gel manicure",),
        location="Atelier",
        book_url="https://vernis.example/b",
        fee=Price(amount=2_000, currency="EUR"),
    )
    await post.send(Kind.APPOINTMENT_CANCELLED, context=off, language="en-GB")
    await post.work()

    body = mailbox.letters[0].get_body(("plain",))
    assert body is not None
    assert "so a fee of €20.00 applies" in body.get_content()
