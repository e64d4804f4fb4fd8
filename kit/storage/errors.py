"""What may go wrong between us and an object."""

from __future__ import annotations

from kit.errors import Broken, Busy, Forbidden, Gone, NotFound


class InvalidKey(ValueError):
    """A key or prefix that no store takes: a fault of the calling code."""


class ObjectMissing(NotFound):
    code = "object_missing"


class LinkRefused(Forbidden):
    code, public = "link_refused", "This link is not valid. Please ask for a new one."


class LinkExpired(Gone):
    code, public = "link_expired", "This link has expired. Please ask for a new one."


class StorageAway(Busy):
    status, code = 503, "storage_away"
    public = "Photos cannot be stored or fetched right now. Please try again in a moment."


class StorageRefused(Broken):
    """The store answered, and would not: credentials, bucket or policy are wrong."""

    code = "storage_refused"
