"""Rows that several people edit: a change names the version that it was made from (RFC 9110, If-Match)."""

from __future__ import annotations

from kit.errors import Refused


class VersionMissing(Refused):
    status, code = 428, "version_required"
    public = "Send the version that you change as `If-Match`, so that nobody's change is lost."


class VersionStale(Refused):
    status, code = 412, "stale_version"
    public = "Somebody changed this meanwhile. Please read it again."


def check(held: int, expected: int | None) -> None:
    """Raises VersionStale unless the row still has the expected version; None expects any."""
    if expected is not None and held != expected:
        raise VersionStale(f"It has version {held} by now.")
