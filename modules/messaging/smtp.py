"""Letters by SMTP (RFC 5321), one connection for each."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from email.policy import SMTP, SMTPUTF8

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from kit import clock
from kit.settings import Mail
from modules.messaging.address import on_the_wire
from modules.messaging.mime import as_mime
from modules.messaging.port import Letter, Outcome, Verdict

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")
_NOBODY = re.compile(r"5\.1\.(1|2|3|6|10)")
"""Bad mailbox, bad system, bad syntax, moved away, null MX (RFC 3463, RFC 7505)."""
_NOBODY_CODES = (550, 551, 553)
"""What servers without enhanced codes answer to an address that nobody has."""


class SmtpMailer:
    """Hands letters to the one mail server of the settings."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings

    async def deliver(self, letter: Letter) -> Outcome:
        """Connect, sign in, and hand one letter over; every way to fail is an outcome.

        Up to the letter's last byte a failure means that it was not sent. After that, silence means that nobody knows.
        """
        client = self._client()
        try:
            return await self._hand_over(client, letter)
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Letter) -> Outcome:
        to = on_the_wire(letter.to)
        unicode_name = not to.isascii()
        message = as_mime(letter, self._settings.sender, clock.now())
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except SMTPResponseException as error:  # greeting, TLS or sign-in: no fault of the letter's
            return Outcome(Verdict.TEMPORARY, error.code, error=_word_of(error))
        except (SMTPException, OSError, TimeoutError) as error:
            return Outcome(Verdict.TEMPORARY, error=_word_of(error))
        if unicode_name and not client.supports_extension("smtputf8"):
            return Outcome(Verdict.PERMANENT, error="address_not_ascii")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if unicode_name else []
        encoding = "utf-8" if unicode_name else "ascii"
        try:
            await client.mail(self._settings.sender, options=options, encoding=encoding)
            await client.rcpt(to, encoding=encoding)
        except SMTPResponseException as error:
            return _refused(error, about_address=isinstance(error, aiosmtplib.SMTPRecipientRefused))
        except (SMTPException, OSError, TimeoutError) as error:
            return Outcome(Verdict.TEMPORARY, error=_word_of(error))
        try:
            answer = await client.data(message.as_bytes(policy=SMTPUTF8 if unicode_name else SMTP))
        except SMTPResponseException as error:
            return _refused(error, about_address=False)
        except (SMTPException, OSError, TimeoutError):
            return Outcome(Verdict.UNKNOWN, error="no_answer")
        with suppress(SMTPException, OSError, TimeoutError, asyncio.CancelledError):
            await client.quit()
        return Outcome(Verdict.ACCEPTED, answer.code, _status_of(answer.message))

    def _client(self) -> aiosmtplib.SMTP:
        chosen = self._settings
        signs_in = bool(chosen.username) and chosen.security != "none"
        return aiosmtplib.SMTP(
            hostname=chosen.host,
            port=chosen.port,
            timeout=chosen.timeout_s,
            use_tls=chosen.security == "tls",
            start_tls=chosen.security == "starttls",
            cert_bundle=chosen.ca_file or None,
            local_hostname=chosen.sender.rpartition("@")[2] or None,
            username=chosen.username if signs_in else None,
            password=chosen.password if signs_in else None,
        )


def _refused(error: SMTPResponseException, *, about_address: bool) -> Outcome:
    """The server said no: 4xx for now, 5xx for good."""
    status = _status_of(error.message)
    permanent = error.code >= 500
    nobody = bool(_NOBODY.match(status)) if status else error.code in _NOBODY_CODES
    return Outcome(
        Verdict.PERMANENT if permanent else Verdict.TEMPORARY,
        error.code,
        status,
        _word_of(error),
        bad_address=permanent and about_address and nobody,
    )


def _status_of(words: str) -> str:
    """The enhanced status code that an answer begins with. Its other words may name the address: they are not kept."""
    found = _ENHANCED.match(words)
    return found[1] if found else ""


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (aiosmtplib.SMTPAuthenticationError, "sign_in_refused"),
    (aiosmtplib.SMTPRecipientRefused, "recipient_refused"),
    (aiosmtplib.SMTPSenderRefused, "sender_refused"),
    (aiosmtplib.SMTPDataError, "letter_refused"),
    (TimeoutError, "timeout"),
    (aiosmtplib.SMTPConnectError, "not_connected"),
    (ConnectionError, "connection_broken"),
    (OSError, "not_connected"),
)


def _word_of(error: BaseException) -> str:
    """Without a word of its own, the server cannot do what the settings ask for, as TLS or signing in."""
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "server_unfit")
