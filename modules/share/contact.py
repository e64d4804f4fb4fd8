"""How the salon can be reached, as it says itself: what the pages of shared looks show beside "book this look"."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
from msgspec import UNSET

from kit.audit import record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.http.errors import BadUrl
from kit.http.urls import checked_url
from kit.text import one_line
from modules.accounts.caller import Caller
from modules.share import store
from modules.share.errors import BadContact
from modules.share.wire import SalonContact, SalonContactChange

_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,38}")
_EMAIL = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]+\.[^\s@<>\"',;]{2,}")


async def find(unit: Unit) -> SalonContact:
    """What the salon has said; nothing where it has not."""
    return await store.contact(unit)


async def change(unit: Unit, caller: Caller, asked: SalonContactChange) -> SalonContact:
    """Change what is named; an empty text takes a way away. Raises BadContact."""
    named = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    changes = {name: _checked(name, value) for name, value in named.items()}
    if not changes:
        return await store.contact(unit)
    contact = await store.change_contact(unit, changes)
    await record(unit, caller, "contact.changed", unit.business_id)
    return contact


def booking_address(contact: SalonContact, share_id: str) -> str | None:
    """The salon's own booking page, told which share somebody comes from."""
    if not contact.booking_url:
        return None
    parts = urlsplit(contact.booking_url)
    query = "&".join(part for part in (parts.query, urlencode({"source": share_id})) if part)
    return urlunsplit(parts._replace(query=query))


def dialled(phone: str) -> str:
    """A phone number as `tel:` takes it (RFC 3966)."""
    return re.sub(r"[^0-9+]", "", phone)


def _checked(name: str, value: str) -> str:
    if not value.strip():
        return ""
    try:
        text = one_line(value)
        if name == "booking_url":
            return str(checked_url(text, allow_private=False))
    except (BadUrl, ValueError):
        raise _unfit(name) from None
    form = {"phone": _PHONE, "email": _EMAIL}.get(name)
    if form is not None and form.fullmatch(text) is None:
        raise _unfit(name)
    return text


def _unfit(name: str) -> BadContact:
    words = {
        "phone": "A phone number has digits, spaces and +()/.- only.",
        "email": "An e-mail address looks like rosa@salon.example.",
        "booking_url": "The address of a booking page begins with https://.",
    }
    return BadContact(
        errors=(FieldError(name, words.get(name, "This is one line without control characters.")),)
    )
