"""Facts about staff. They carry ids: who writes the letter asks modules/staff for its address and link."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class StaffInvited(Event, frozen=True):
    """Somebody is to be sent an invitation."""

    topic: ClassVar[str] = "staff.invited"
    letter_id: str


class PasswordResetAsked(Event, frozen=True):
    """A member of staff is to be sent a link to a new password."""

    topic: ClassVar[str] = "staff.password_reset_asked"
    letter_id: str
