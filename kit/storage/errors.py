"""What may go wrong between us and an object."""

from __future__ import annotations

from kit.errors import Broken, Busy, NotFound, Refused
from kit.signing import LinkExpired, LinkRefused

__all__ = [
    "InvalidKey",
    "LinkExpired",
    "LinkRefused",
    "ObjectEmpty",
    "ObjectMissing",
    "ObjectTooLarge",
    "StorageAway",
    "StorageRefused",
]


class InvalidKey(ValueError):
    """A key or prefix that no store takes: a fault of the calling code."""


class ObjectMissing(NotFound):
    code = "object_missing"


class ObjectEmpty(Refused):
    status, code, public = 422, "object_empty", "The file is empty. Please choose another one."


class ObjectTooLarge(Refused):
    status, code, public = 413, "object_too_large", "The file is too large."


class StorageAway(Busy):
    status, code = 503, "storage_away"
    public = "Photos cannot be stored or fetched right now. Please try again in a moment."


class StorageRefused(Broken):
    """The store answered, and would not: credentials, bucket or policy are wrong."""

    code = "storage_refused"
