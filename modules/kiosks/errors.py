"""What can go wrong with kiosks."""

from __future__ import annotations

from kit.errors import NotFound


class UnknownKiosk(NotFound):
    code, public = "unknown_kiosk", "There is no such kiosk, or it is revoked already."


class WrongCode(NotFound):
    code, public = "wrong_code", "This code is wrong, was used already, or its ten minutes are over."
