"""The arithmetic of the chain: each entry's hash covers its content and the hash before it.

A changed, removed, inserted or swapped entry breaks the chain at its place. An end that was cut off shows only to
those who remember a later hash, and whoever may rewrite the whole table can also compute a new chain: note the head
elsewhere. Source of the idea: Haber and Stornetta, "How to time-stamp a digital document" (1991).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

GENESIS = "0" * 64
"""What the first entry of a business has for a previous hash."""


class Entry(Struct, frozen=True):
    """One line of the log. subject: id of what was acted on; previous, hash: SHA-256 in hex."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    subject: str
    previous: str
    hash: str = ""


class Verdict(Struct, frozen=True):
    """How far the chain holds. broken: sequence number of the first entry that does not fit, and why."""

    entries: int
    head: str
    broken: int | None = None
    why: str = ""


def digest(business_id: str, entry: Entry) -> str:
    """SHA-256 over canonical JSON (sorted keys, no spaces, UTC) of everything but the entry's own hash."""
    content = {
        "business_id": business_id,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_kind": entry.actor_kind,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "previous": entry.previous,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def follow(business_id: str, so_far: Verdict, entries: Iterable[Entry]) -> Verdict:
    """Continue the check over the next entries, oldest first; stops at the first that does not fit."""
    for entry in entries:
        why = ""
        if entry.seq != so_far.entries + 1:
            why = f"number {so_far.entries + 1} is missing"
        elif entry.previous != so_far.head:
            why = "it does not follow the entry before it"
        elif entry.hash != digest(business_id, entry):
            why = "its content does not fit its hash"
        if why:
            return Verdict(so_far.entries, so_far.head, broken=entry.seq, why=why)
        so_far = Verdict(entry.seq, entry.hash)
    return so_far
