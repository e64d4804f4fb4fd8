"""What can go wrong with accounts."""

from __future__ import annotations

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownBusiness(NotFound):
    code, public = "unknown_business", "There is no such business."


class BusinessSuspended(Forbidden):
    code, public = "business_suspended", "This business is suspended. Please get in touch with us."


class UnknownKey(NotFound):
    code, public = "unknown_key", "There is no such key, or it is revoked already."


class KeyRotating(Conflict):
    code, public = "key_rotating", "This key is being rotated: it has a successor, and may not get a second."


class ScopeNotHeld(Forbidden):
    code, public = "scope_not_held", "A key can be given only what its maker may do."


class BadExpiry(Invalid):
    code, public = "bad_expiry", "A key cannot expire in the past."


class BadOrigin(Invalid):
    code = "bad_origin"
    public = "An origin looks like https://salon.example: scheme, host and port, nothing behind them."
