"""What can go wrong with messages."""

from __future__ import annotations

from kit.errors import Invalid, NotFound


class UnknownMessage(NotFound):
    code, public = "unknown_message", "There is no such message. The log goes back some months."


class BadZone(Invalid):
    code, public = "bad_zone", "A time zone is named like Europe/Berlin."
