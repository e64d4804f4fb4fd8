"""The SMTP adapter against a real server: how each way to fail is understood."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from kit.settings import Mail
from modules.messaging.port import Letter, Outcome, Verdict
from modules.messaging.smtp import SmtpMailer
from tests.integration.certificate import serving_context
from tests.integration.mailbox import CLOSE, HANG, Mailbox, receiving

LETTER = Letter(
    id="msg_1",
    sender_name="Salon, Größe & Co",
    to="mara@guest.example",
    to_name="Mara\r\nBcc: everybody@guest.example",
    reply_to="desk@salon.example",
    subject="Gebucht: Freitag, 4. Dezember, 14:30 Uhr – Maniküre mit Gel und noch ein langes Wort",
    text="Bis Freitag\n.\nein Punkt allein\n" + "x" * 2000,
    html="<p>Bis Freitag</p>",
    language="de",
    unsubscribe_url="https://vernis.example/v1/unsubscribe/msg_1?" + "a" * 300,
    invitation="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
)


def plain(mailbox: Mailbox, **more: object) -> Mail:
    values = {"host": "127.0.0.1", "security": "none", "sender": "post@vernis.example", "timeout_s": 1.0}
    return Mail(port=mailbox.port, **{**values, **more})  # type: ignore[arg-type]


async def deliver(settings: Mail, letter: Letter = LETTER) -> Outcome:
    return await SmtpMailer(settings).deliver(letter)


async def test_a_letter_arrives_whole() -> None:
    async with receiving() as mailbox:
        outcome = await deliver(plain(mailbox))

    assert (outcome.verdict, outcome.code, outcome.status) == (Verdict.ACCEPTED, 250, "2.0.0")
    (got,), (envelope,) = mailbox.letters, mailbox.envelopes
    assert envelope.mail_from == "post@vernis.example"
    assert envelope.rcpt_tos == ["mara@guest.example"]
    assert got["Message-ID"] == "<msg_1@vernis.example>"
    assert got["From"].addresses[0].display_name == "Salon, Größe & Co"
    assert got["From"].addresses[0].addr_spec == "post@vernis.example"
    assert got["Subject"] == LETTER.subject
    assert got["Reply-To"] == "desk@salon.example"
    assert got["Content-Language"] == "de"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == f"<{LETTER.unsubscribe_url}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html


async def test_an_invitation_goes_along_in_both_ways_that_calendars_look_for() -> None:
    async with receiving() as mailbox:
        await deliver(plain(mailbox))

    calendars = [part for part in mailbox.letters[0].walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in calendars] == ["REQUEST", "REQUEST"]
    assert [part.get_filename() for part in calendars] == [None, "appointment.ics"]
    assert {part.get_content().replace("\r\n", "\n") for part in calendars} == {
        LETTER.invitation.replace("\r\n", "\n")
    }


async def test_a_name_cannot_begin_another_header() -> None:
    async with receiving() as mailbox:
        await deliver(plain(mailbox))

    assert mailbox.letters[0]["Bcc"] is None
    assert mailbox.envelopes[0].rcpt_tos == ["mara@guest.example"]


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "understood"),
    [
        ("450 4.2.1 try later mara@guest.example", "", (Verdict.TEMPORARY, 450, "4.2.1", False)),
        ("550 5.1.1 no such user mara@guest.example", "", (Verdict.PERMANENT, 550, "5.1.1", True)),
        ("550 no such user here", "", (Verdict.PERMANENT, 550, "", True)),
        ("552 5.2.2 mailbox full", "", (Verdict.PERMANENT, 552, "5.2.2", False)),
        ("550 5.7.1 we do not like your address", "", (Verdict.PERMANENT, 550, "5.7.1", False)),
        ("", "451 4.7.1 greylisted", (Verdict.TEMPORARY, 451, "4.7.1", False)),
        ("", "554 5.6.0 spam", (Verdict.PERMANENT, 554, "5.6.0", False)),
    ],
)
async def test_an_answer_is_understood_and_its_words_are_not_kept(
    at_rcpt: str, at_data: str, understood: tuple[Verdict, int, str, bool]
) -> None:
    async with receiving() as mailbox:
        mailbox.at_rcpt += [at_rcpt] if at_rcpt else []
        mailbox.at_data += [at_data] if at_data else []
        outcome = await deliver(plain(mailbox))

    assert (outcome.verdict, outcome.code, outcome.status, outcome.bad_address) == understood
    assert "mara" not in str(outcome)
    assert mailbox.letters == []


@pytest.mark.parametrize("answer", [HANG, CLOSE])
async def test_silence_after_the_letter_means_that_nobody_knows(answer: str) -> None:
    async with receiving() as mailbox:
        mailbox.at_data.append(answer)
        outcome = await deliver(plain(mailbox, timeout_s=0.3))

    assert (outcome.verdict, outcome.error) == (Verdict.UNKNOWN, "no_answer")
    assert len(mailbox.letters) == 1


async def test_a_server_that_is_away_is_tried_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        settings = Mail(host="127.0.0.1", port=taken.getsockname()[1], security="none", sender="a@b.example")
        outcome = await deliver(settings)

    assert (outcome.verdict, outcome.error) == (Verdict.TEMPORARY, "not_connected")


async def test_a_server_that_says_nothing_is_tried_later() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        settings = Mail(
            host="127.0.0.1",
            port=mute.getsockname()[1],
            security="none",
            sender="a@b.example",
            timeout_s=0.3,
        )
        outcome = await deliver(settings)

    assert (outcome.verdict, outcome.error) == (Verdict.TEMPORARY, "timeout")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_secured_connection_signs_in(security: str, tmp_path: Path) -> None:
    context, trusted = serving_context(tmp_path)
    async with receiving(**{security: context}, sign_in=True) as mailbox:  # type: ignore[arg-type]
        settings = plain(
            mailbox, security=security, ca_file=str(trusted), username="vernis", password="right"
        )
        outcome = await deliver(settings)

    assert outcome.verdict is Verdict.ACCEPTED, outcome
    assert mailbox.secured == [True]
    assert mailbox.logins == [(b"vernis", b"right")]


async def test_a_wrong_password_is_the_operators_fault_and_not_the_letters(tmp_path: Path) -> None:
    context, trusted = serving_context(tmp_path)
    async with receiving(starttls=context, sign_in=True) as mailbox:
        settings = plain(
            mailbox, security="starttls", ca_file=str(trusted), username="vernis", password="wrong"
        )
        outcome = await deliver(settings)

    assert (outcome.verdict, outcome.code, outcome.error) == (Verdict.TEMPORARY, 535, "sign_in_refused")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_nobody_vouches_for_gets_no_letter(security: str, tmp_path: Path) -> None:
    context, _ = serving_context(tmp_path)
    async with receiving(**{security: context}) as mailbox:  # type: ignore[arg-type]
        outcome = await deliver(plain(mailbox, security=security, username="vernis", password="right"))

    assert outcome.verdict is Verdict.TEMPORARY
    assert mailbox.letters == []
    assert mailbox.logins == []


async def test_a_server_that_offers_no_security_gets_no_letter() -> None:
    async with receiving() as mailbox:
        outcome = await deliver(plain(mailbox, security="starttls", username="vernis", password="right"))

    assert (outcome.verdict, outcome.error) == (Verdict.TEMPORARY, "server_unfit")
    assert mailbox.letters == []


async def test_addresses_beyond_ascii_arrive() -> None:
    letter = Letter("msg_2", "Salon", "jürgen@bücher.example", "Hallo", "Hallo", "<p>Hallo</p>", "de")
    async with receiving() as mailbox:
        outcome = await deliver(plain(mailbox), letter)

    assert outcome.verdict is Verdict.ACCEPTED, outcome
    assert mailbox.envelopes[0].rcpt_tos == ["jürgen@xn--bcher-kva.example"]
