"""The manage link: signed for one appointment, so that a guest moves or cancels it without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from kit.settings import Settings
from kit.signing import Signer

LIFETIME = timedelta(days=400)
"""Counted from the booking, farther than anybody books ahead; so an appointment's link stays the same."""


def manage(business_id: str, appointment_id: str, created_at: datetime, settings: Settings) -> str:
    """Path and query of the link."""
    return f"/v1/manage/{appointment_id}?{_query(business_id, appointment_id, created_at, settings)}"


def page(business_id: str, appointment_id: str, created_at: datetime, settings: Settings) -> str:
    """The whole address of the page that does the same for people: what letters carry."""
    return settings.public_url + page_path(business_id, appointment_id, created_at, settings)


def page_path(business_id: str, appointment_id: str, created_at: datetime, settings: Settings) -> str:
    """Path and query of that page."""
    return f"/m/{appointment_id}?{_query(business_id, appointment_id, created_at, settings)}"


def check(settings: Settings, business_id: str, appointment_id: str, expires: str, signature: str) -> None:
    """Raises LinkRefused, LinkExpired."""
    _signer(settings).check(business_id, appointment_id, expires=expires, signature=signature)


def _query(business_id: str, appointment_id: str, created_at: datetime, settings: Settings) -> str:
    expires = int((created_at + LIFETIME).timestamp())
    signed = _signer(settings).query(business_id, appointment_id, expires=expires)
    return urlencode({"business": business_id, **signed})


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis manage booking 1")
