"""The chain of the audit log: what breaks it, and where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from kit.audit.chain import GENESIS, Entry, Verdict, digest, follow

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
BUSINESS = "biz_1"


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    previous = GENESIS
    for seq in range(1, length + 1):
        entry = Entry(seq, NOW, "key", "key_1", "photo.erased", f"pho_{seq}", previous)
        previous = digest(BUSINESS, entry)
        entries.append(msgspec.structs.replace(entry, hash=previous))
    return entries


def check(entries: list[Entry], business_id: str = BUSINESS) -> Verdict:
    return follow(business_id, Verdict(0, GENESIS), entries)


def test_a_whole_chain_holds_in_one_go_and_in_parts() -> None:
    entries = chain(5)
    assert check(entries) == Verdict(5, entries[-1].hash)
    assert follow(BUSINESS, check(entries[:2]), entries[2:]) == check(entries)
    assert check([]) == Verdict(0, GENESIS)


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW + timedelta(microseconds=1)},
        {"actor_kind": "visitor"},
        {"actor": "key_2"},
        {"action": "photo.kept"},
        {"subject": "pho_9"},
        {"previous": GENESIS},
        {"hash": GENESIS},
    ],
)
def test_a_changed_entry_is_named(change: dict[str, object]) -> None:
    entries = chain(5)
    entries[2] = msgspec.structs.replace(entries[2], **change)
    verdict = check(entries)
    assert (verdict.broken, verdict.entries) == (3, 2)


def test_a_changed_entry_with_a_hash_made_to_fit_breaks_the_next() -> None:
    entries = chain(5)
    forged = msgspec.structs.replace(entries[2], subject="pho_9")
    entries[2] = msgspec.structs.replace(forged, hash=digest(BUSINESS, forged))
    assert check(entries).broken == 4


def test_a_removed_entry_is_missed() -> None:
    entries = chain(5)
    del entries[2]
    assert (check(entries).broken, check(entries).why) == (4, "number 3 is missing")
    assert check(chain(5)[1:]).broken == 2


def test_swapped_entries_are_named() -> None:
    first, second = chain(2)
    assert check([second, first]).broken == 2


def test_a_chain_belongs_to_its_business() -> None:
    assert check(chain(1), "biz_2").broken == 1


def test_a_time_has_one_hash_in_every_zone() -> None:
    entry = chain(1)[0]
    elsewhere = msgspec.structs.replace(entry, at=NOW.astimezone(timezone(timedelta(hours=9))))
    assert digest(BUSINESS, elsewhere) == entry.hash
