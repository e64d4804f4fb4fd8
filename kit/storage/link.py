"""Signed links to objects of the local store: one way to write a link, and every other way is refused."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from urllib.parse import urlencode

from kit.storage.errors import LinkExpired, LinkRefused

_SHORTEST_SECRET = 16  # bytes
_EXPIRES = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Signer:
    """HMAC-SHA256 over method, key, expiry and download name; hex and decimals have one spelling each."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"the storage secret needs {_SHORTEST_SECRET} bytes")
        self._secret = secret

    def query(self, key: str, *, expires: int, name: str | None) -> str:
        """The query of a link that is good until `expires`, seconds since 1970."""
        fields = {"expires": str(expires), "signature": self._sign(key, str(expires), name)}
        return urlencode(fields if name is None else {**fields, "name": name})

    def check(self, key: str, *, expires: str, signature: str, name: str | None) -> None:
        """Raise LinkRefused unless we signed exactly this, LinkExpired once its time is over."""
        spelt = _EXPIRES.fullmatch(expires) and _SIGNATURE.fullmatch(signature)
        if not spelt or not hmac.compare_digest(self._sign(key, expires, name), signature):
            raise LinkRefused
        if int(expires) <= time.time():
            raise LinkExpired

    def _sign(self, key: str, expires: str, name: str | None) -> str:
        fields = ("vernis media 1", "GET", key, expires, "" if name is None else "=" + name)
        message = "\n".join(fields).encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, hashlib.sha256).hex()
