"""What may go wrong between us and an object."""

from __future__ import annotations

from kit.errors import Broken, Busy, NotFound
from kit.signing import LinkExpired, LinkRefused

__all__ = ["InvalidKey", "LinkExpired", "LinkRefused", "ObjectMissing", "StorageAway", "StorageRefused"]


class InvalidKey(ValueError):
    """A key or prefix that no store takes: a fault of the calling code."""


class ObjectMissing(NotFound):
    code = "object_missing"


class StorageAway(Busy):
    status, code = 503, "storage_away"
    public = "Photos cannot be stored or fetched right now. Please try again in a moment."


class StorageRefused(Broken):
    """The store answered, and would not: credentials, bucket or policy are wrong."""

    code = "storage_refused"
