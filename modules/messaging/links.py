"""The link by which a reader asks for no more, without an account (RFC 8058)."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from kit.settings import Settings
from kit.signing import Signer

LIFETIME = timedelta(days=60)
"""The log is kept for longer, so that a link that is good finds its message."""


def unsubscribe(settings: Settings, business_id: str, message_id: str, at: datetime) -> str:
    """The whole link; it names nobody."""
    expires = int((at + LIFETIME).timestamp())
    query = {"business": business_id, **_signer(settings).query(business_id, message_id, expires=expires)}
    return f"{settings.public_url}/v1/unsubscribe/{message_id}?{urlencode(query)}"


def check(settings: Settings, business_id: str, message_id: str, expires: str, signature: str) -> None:
    """Raises LinkRefused, LinkExpired."""
    _signer(settings).check(business_id, message_id, expires=expires, signature=signature)


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis unsubscribe 1")
