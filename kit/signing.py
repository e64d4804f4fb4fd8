"""Signed links: one way to write a link, and every other way is refused."""

from __future__ import annotations

import hashlib
import hmac
import re
import time

from kit.errors import Forbidden, Gone

_SHORTEST_SECRET = 16  # bytes
_EXPIRES = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_FULL, _SHORTEST = 64, 32  # hex digits: 256 bits, 128 bits


class LinkRefused(Forbidden):
    code, public = "link_refused", "This link is not valid. Please ask for a new one."


class LinkExpired(Gone):
    code, public = "link_expired", "This link has expired. Please ask for a new one."


class Signer:
    """HMAC-SHA256 over a purpose, an expiry and what the link leads to; hex and decimals have one spelling each.

    purpose: words of its own for each kind of link, so that none passes for another. digits: of a signature; half of
    them where a link is drawn as a QR code or read to somebody.
    """

    def __init__(self, secret: bytes, purpose: str, *, digits: int = _FULL) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"a signing secret needs {_SHORTEST_SECRET} bytes")
        if not _SHORTEST <= digits <= _FULL:
            raise ValueError(f"a signature has {_SHORTEST} to {_FULL} digits, not {digits}")
        self._secret, self._purpose, self._digits = secret, purpose, digits

    def query(self, *subject: str, expires: int) -> dict[str, str]:
        """The query of a link that is good until `expires`, seconds since 1970."""
        return {"expires": str(expires), "signature": self._sign(subject, str(expires))}

    def check(self, *subject: str, expires: str, signature: str) -> None:
        """Raise LinkRefused unless we signed exactly this, LinkExpired once its time is over."""
        spelt = _EXPIRES.fullmatch(expires) and _HEX.fullmatch(signature)
        if not spelt or not hmac.compare_digest(self._sign(subject, expires), signature):
            raise LinkRefused
        if int(expires) <= time.time():
            raise LinkExpired

    def _sign(self, subject: tuple[str, ...], expires: str) -> str:
        fields = (field.encode("utf-8", "surrogatepass") for field in (self._purpose, expires, *subject))
        message = b"".join(b"%d:%b" % (len(field), field) for field in fields)
        return hmac.digest(self._secret, message, hashlib.sha256).hex()[: self._digits]
