"""The list of erasures: ids of what was erased in a span of time. It outlives the backups that still hold it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from kit.errors import Invalid


class ErasureListBroken(Invalid):
    code = "erasure_list_broken"


class Erasure(Struct, frozen=True):
    """One erasure. action: as the audit log names it (`photo.erased`); subject: the id of what was erased, or what
    tells it without naming anybody.
    """

    business_id: str
    action: str
    subject: str


class ErasureList(Struct, frozen=True):
    """Every erasure of all businesses from `since` to `until`."""

    since: datetime
    until: datetime
    erasures: tuple[Erasure, ...]

    def encode(self) -> bytes:
        """As JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> ErasureList:
        """Read what `encode` wrote. Raises ErasureListBroken."""
        try:
            return msgspec.json.decode(data, type=cls)
        except msgspec.DecodeError as error:
            raise ErasureListBroken(f"this is no list of erasures: {error}") from error


def joined(lists: Sequence[ErasureList], since: datetime) -> ErasureList:
    """The lists as one that covers every moment from `since` on to its `until`. Raises ErasureListBroken at a gap."""
    until, erasures = since, dict[Erasure, None]()
    for each in sorted(lists, key=lambda each: each.since):
        if each.since > until:
            raise ErasureListBroken(f"nothing says what was erased from {until} to {each.since}")
        until = max(until, each.until)
        erasures |= dict.fromkeys(each.erasures)
    return ErasureList(since, until, tuple(erasures))
