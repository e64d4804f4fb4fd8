"""Signed forms: one upload from a browser straight into the store, and nothing but that.

The policy is written in the words of S3's POST policies (AWS, "Creating an HTML form using SigV4"), so that a page
posts the very same multipart form to a folder as to a bucket: the fields as they are, then `file`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kit import signing
from kit.storage.errors import LinkRefused, ObjectEmpty, ObjectTooLarge

FILE = "file"
"""The part that carries the bytes."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where to post and which fields to send along, all of them and no others."""

    url: str
    fields: dict[str, str]


class Allowed(NamedTuple):
    """What a form lets in."""

    key: str
    media_type: str


class FormSigner:
    """Writes and checks the local store's forms: exact key, exact media type, 1 to so many bytes, until then."""

    def __init__(self, secret: bytes) -> None:
        self._signer = signing.Signer(secret, "vernis media form 1")

    def fields(self, key: str, *, media_type: str, most_bytes: int, expires: int) -> dict[str, str]:
        """The fields of a form that is good until `expires`, seconds since 1970."""
        conditions = [{"key": key}, {"Content-Type": media_type}, ["content-length-range", 1, most_bytes]]
        policy = base64.b64encode(json.dumps({"conditions": conditions}).encode()).decode()
        return {
            "key": key,
            "Content-Type": media_type,
            "policy": policy,
            **self._signer.query(policy, expires=expires),
        }

    def check(self, fields: Mapping[str, str], size: int) -> Allowed:
        """What may be stored, when these are the fields of a form of ours, unchanged and complete.

        Raises LinkRefused, LinkExpired, ObjectEmpty, ObjectTooLarge.
        """
        given = dict(fields)
        try:
            policy, expires, signature = (given.pop(name) for name in ("policy", "expires", "signature"))
        except KeyError:
            raise LinkRefused from None
        self._signer.check(policy, expires=expires, signature=signature)
        *exact, (_, least, most) = json.loads(base64.b64decode(policy))["conditions"]
        if given != {name: value for condition in exact for name, value in condition.items()}:
            raise LinkRefused
        if size < least:
            raise ObjectEmpty
        if size > most:
            raise ObjectTooLarge(f"At most {most} bytes may be sent with this form.")
        return Allowed(given["key"], given["Content-Type"])
