"""Commands for workers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from kit.outbox import Command


class ErasePerson(Command, frozen=True):
    """Carry an erasure out, from wherever it was left."""

    kind: ClassVar[str] = "privacy.erase"
    erasure_id: str


class ResumeErasure(Command, frozen=True):
    """Try an erasure again later whose workers died or met nothing but errors: it is never given up."""

    kind: ClassVar[str] = "privacy.resume_erasure"
    erasure_id: str


class MakeExport(Command, frozen=True):
    """Put all that is kept of a customer into an archive."""

    kind: ClassVar[str] = "privacy.export"
    export_id: str


class GiveUpExport(Command, frozen=True):
    """Say that an export killed every worker that made it."""

    kind: ClassVar[str] = "privacy.give_up_export"
    export_id: str


class ExpireExport(Command, frozen=True):
    """Delete an archive when its time is over."""

    kind: ClassVar[str] = "privacy.expire_export"
    export_id: str


class SeeGuestOff(Command, frozen=True):
    """A kiosk opened a visit: look again when it ends."""

    kind: ClassVar[str] = "privacy.see_guest_off"
    customer_id: str
    until: datetime


class EraseGuest(Command, frozen=True):
    """Erase a guest of a kiosk who was not kept until her visit ended."""

    kind: ClassVar[str] = "privacy.erase_guest"
    customer_id: str
