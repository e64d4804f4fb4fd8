"""The link itself: `/s/{token}`. A token is the share's id, the second at which it ends, and a signature over both.

The signature has 128 bits, half of what other links carry: this one is drawn as a QR code and sent in messages.
"""

from __future__ import annotations

import re
from datetime import datetime

from kit.settings import Settings
from kit.signing import LinkExpired, LinkRefused, Signer
from modules.share.errors import ShareEnded, UnknownShare

_TOKEN = re.compile(r"([0-7][0-9a-hjkmnp-tv-z]{25})-([0-9]{10,12})-([0-9a-f]{32})", re.ASCII)
_PREFIX = "shr_"


def token(share_id: str, expires_at: datetime, settings: Settings) -> str:
    """What stands behind `/s/`."""
    signed = _signer(settings).query(share_id, expires=int(expires_at.timestamp()))
    return "-".join((share_id.removeprefix(_PREFIX), signed["expires"], signed["signature"]))


def share_of(token: str, settings: Settings) -> str:
    """The share that a token leads to. Raises UnknownShare unless we signed exactly this, ShareEnded after its time."""
    form = _TOKEN.fullmatch(token)
    if form is None:
        raise UnknownShare
    name, expires, signature = form.groups()
    try:
        _signer(settings).check(_PREFIX + name, expires=expires, signature=signature)
    except LinkRefused:
        raise UnknownShare from None
    except LinkExpired:
        raise ShareEnded from None
    return _PREFIX + name


def page(token: str, settings: Settings) -> str:
    """The whole address of a share's page."""
    return f"{settings.public_url}/s/{token}"


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis share 1", digits=32)
