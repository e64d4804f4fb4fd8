"""The port by which letters leave, whatever carries them."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Letter(Struct, frozen=True):
    """One letter, ready to be sent. id: stays the same when it is sent again; to, reply_to: addresses.

    unsubscribe_url: takes a POST by RFC 8058, empty where there is nothing to unsubscribe from. invitation: an
    iCalendar text with a METHOD (RFC 6047).
    """

    id: str
    sender_name: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    to_name: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""
    invitation: str = ""


class Verdict(StrEnum):
    """permanent: trying again is of no use; unknown: it may have been taken, and nobody said so."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class Outcome(Struct, frozen=True):
    """How an attempt went. code, status: by RFC 5321 and RFC 3463; error: a word of ours where no code says it.

    bad_address: the server knows that nobody has this address.
    """

    verdict: Verdict
    code: int | None = None
    status: str = ""
    error: str | None = None
    bad_address: bool = False


class Mailer(Protocol):
    """What carries letters."""

    async def deliver(self, letter: Letter) -> Outcome:
        """Try once; every way to fail is an outcome."""
