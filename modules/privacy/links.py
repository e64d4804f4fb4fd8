"""The receipt's own link: who was erased has no credential any more, and must still see that it was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from kit.settings import Settings
from kit.signing import Signer

LIFETIME = timedelta(days=30)


def receipt(business_id: str, erasure_id: str, created_at: datetime, settings: Settings) -> str:
    """Path and query of a receipt, good for thirty days."""
    expires = int((created_at + LIFETIME).timestamp())
    query = {"business": business_id, **_signer(settings).query(business_id, erasure_id, expires=expires)}
    return f"/v1/erasures/{erasure_id}?{urlencode(query)}"


def check(settings: Settings, business_id: str, erasure_id: str, expires: str, signature: str) -> None:
    """Raises LinkRefused, LinkExpired."""
    _signer(settings).check(business_id, erasure_id, expires=expires, signature=signature)


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis erasure receipt 1")
