"""What every object store can do, and which keys all of them take."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kit.storage.errors import InvalidKey
from kit.storage.form import Form

_KEY = re.compile(r"[a-zA-Z0-9_.-]{1,200}(/[a-zA-Z0-9_.-]{1,200})*")
_LONGEST_KEY = 512
_LONGEST_LINK = timedelta(days=7)  # what S3's signature version 4 allows


@dataclass(frozen=True, slots=True)
class Stored:
    """One object in a listing. size: bytes; modified: UTC."""

    key: str
    size: int
    modified: datetime


class Storage(Protocol):
    """Objects by key. Keys are relative paths of `[a-zA-Z0-9_.-]` names; prefixes end with a slash, or are empty
    where everything is listed. Raises InvalidKey for others, StorageAway when the store cannot be reached."""

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Store data, over what was there; readers see the old object or the new one, never a part."""
        ...

    async def get(self, key: str) -> bytes:
        """Return the object; raises ObjectMissing."""
        ...

    async def stat(self, key: str) -> Stored:
        """What a listing would say of the object; raises ObjectMissing."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the object; it is no error when there is none."""
        ...

    async def delete_prefix(self, prefix: str) -> None:
        """Remove every object below prefix."""
        ...

    def list(self, prefix: str) -> AsyncIterator[Stored]:
        """Walk the objects below prefix in the order of their keys."""
        ...

    async def url(self, key: str, *, expires_in: timedelta, download_name: str | None = None) -> str:
        """Sign a GET of the object for so long (at most seven days); with a name it is saved, not shown."""
        ...

    async def form(self, key: str, *, media_type: str, most_bytes: int, expires_in: timedelta) -> Form:
        """Sign a POST of one object of this type, of 1 to so many bytes, to exactly this key.

        The form may be sent again while it lives: what was there is replaced.
        """
        ...

    async def check(self) -> None:
        """Say whether the store can be used now; raises StorageAway or StorageRefused."""
        ...


def check_key(key: str) -> str:
    """Return key if every store takes it; raises InvalidKey."""
    named = _KEY.fullmatch(key) and len(key) <= _LONGEST_KEY
    if not named or any(set(part) == {"."} for part in key.split("/")):
        raise InvalidKey(f"not a key: {key!r}")
    return key


def check_prefix(prefix: str) -> str:
    """Return prefix if it names a folder: `photos/` would otherwise take `photos2/x` along; raises InvalidKey."""
    if not prefix.endswith("/"):
        raise InvalidKey(f"a prefix ends with a slash: {prefix!r}")
    check_key(prefix[:-1])
    return prefix


def seconds(expires_in: timedelta) -> int:
    """Whole seconds of a link's life; raises ValueError outside one second to seven days."""
    if not timedelta(seconds=1) <= expires_in <= _LONGEST_LINK:
        raise ValueError(f"a link lives from one second to seven days, not {expires_in}")
    return int(expires_in.total_seconds())
