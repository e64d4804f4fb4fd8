"""Cursors that say behind which key the next page begins, so that designs may come and go between two pages."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from modules.catalog.errors import BadCursor
from modules.catalog.search.order import Key, Sort


def written(sort: Sort, key: Key) -> str:
    """A key of one order as text."""
    return urlsafe_b64encode(msgspec.json.encode([sort, *key])).decode().rstrip("=")


def read(sort: Sort, cursor: str) -> Key:
    """The key of a cursor that was given out for this order. Raises BadCursor."""
    try:
        plain = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        named, *key = msgspec.json.decode(plain, type=list[int | str])
    except (ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error
    if named != sort:
        raise BadCursor
    return tuple(key)
