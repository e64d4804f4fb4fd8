"""The header that saves a picture under a name (RFC 6266)."""

from __future__ import annotations

from urllib.parse import quote

_LONGEST_NAME = 150


def attachment(name: str) -> str:
    """Content-Disposition for a download of that name, any script; raises ValueError for no name or a path."""
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or "/" in name or "\\" in name:
        raise ValueError(f"not a file name: {name!r}")
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
