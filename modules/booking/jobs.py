"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command


class LapseHold(Command, frozen=True):
    """Give a time back that was held for somebody who did not confirm."""

    kind: ClassVar[str] = "booking.lapse"
    appointment_id: str


class OfferFreedTime(Command, frozen=True):
    """Hold what is free for those who wait for it, the longest first."""

    kind: ClassVar[str] = "booking.offer"
    location_id: str


class ForgetContact(Command, frozen=True):
    """Take name, address and note out of an appointment that is long over."""

    kind: ClassVar[str] = "booking.forget_contact"
    appointment_id: str


class EndWaiting(Command, frozen=True):
    """Let nobody wait for a time that is over."""

    kind: ClassVar[str] = "booking.end_waiting"
    waiting_id: str
