"""A letter as the message that goes over the wire (RFC 5322, RFC 2045, RFC 6047)."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from modules.messaging.port import Letter


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header whose one long word stays as it is: the library would write a long link as an encoded word."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
_POLICY = SMTP.clone(header_factory=_HEADERS)
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


def as_mime(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """Text and HTML, and the invitation both as an alternative and as a file, because mail clients differ.

    The Message-ID is made from the letter's id: a letter that is sent twice can be told.
    """
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Date"] = at
    message["From"] = Address(_one_line(letter.sender_name), addr_spec=sender)
    name, _, domain = letter.to.rpartition("@")
    message["To"] = Address(_one_line(letter.to_name), username=name, domain=domain)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = _one_line(letter.subject)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note in return
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.invitation:
        _invite(message, letter.invitation)
    message["Content-Language"] = letter.language  # last: set_content takes such headers away
    return message


def _invite(message: EmailMessage, calendar: str) -> None:
    found = _METHOD.search(calendar)
    method = {"method": found[1]} if found else {}
    message.add_alternative(calendar, subtype="calendar", cte="base64", params=method)
    message.add_attachment(
        calendar, subtype="calendar", cte="base64", filename="appointment.ics", params=method
    )


def _one_line(text: str) -> str:
    """Without line breaks, which would begin another header."""
    return " ".join(text.split())
