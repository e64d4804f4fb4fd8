"""Prefixed, sortable ids: `try_06f4h2…`, 48 bits of milliseconds and 80 random bits, Crockford base 32 (ULID)."""

from __future__ import annotations

import os
import re
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_FORM = re.compile(r"[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}")


def new_id(prefix: str) -> str:
    """Make an id such as `pho_06f…`; ids made later sort later (to the millisecond)."""
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return prefix + "_" + "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -10, -10)])


def new_ids(prefix: str, count: int) -> list[str]:
    """Several ids that sort in the order in which they are given out."""
    return sorted(new_id(prefix) for _ in range(count))


def is_id(text: str, prefix: str) -> bool:
    """Whether text has the form of an id with this prefix."""
    return text.startswith(prefix + "_") and _FORM.fullmatch(text) is not None
