"""Signed links to objects of the local store."""

from __future__ import annotations

from urllib.parse import urlencode

from kit import signing


class Signer:
    """Signs method, key, expiry and download name."""

    def __init__(self, secret: bytes) -> None:
        self._signer = signing.Signer(secret, "vernis media 2")

    def query(self, key: str, *, expires: int, name: str | None) -> str:
        """The query of a link that is good until `expires`, seconds since 1970."""
        fields = self._signer.query(*_subject(key, name), expires=expires)
        return urlencode(fields if name is None else {**fields, "name": name})

    def check(self, key: str, *, expires: str, signature: str, name: str | None) -> None:
        """Raise LinkRefused unless we signed exactly this, LinkExpired once its time is over."""
        self._signer.check(*_subject(key, name), expires=expires, signature=signature)


def _subject(key: str, name: str | None) -> tuple[str, ...]:
    return ("GET", key) if name is None else ("GET", key, name)
