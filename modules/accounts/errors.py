"""What can go wrong with accounts."""

from __future__ import annotations

from kit.errors import NotFound


class UnknownBusiness(NotFound):
    code, public = "unknown_business", "There is no such business."


class UnknownKey(NotFound):
    code, public = "unknown_key", "There is no such key, or it is revoked already."
