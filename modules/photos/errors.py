"""What can go wrong with photos."""

from __future__ import annotations

from kit.errors import NotFound


class UnknownPhoto(NotFound):
    code, public = "unknown_photo", "There is no such photo. It may have been erased."
