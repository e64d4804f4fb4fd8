"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command


class SendMessage(Command, frozen=True):
    """Make the next attempt to send a message."""

    kind: ClassVar[str] = "messaging.send"
    message_id: str


class CountLostMessage(Command, frozen=True):
    """Go on with a message whose attempt killed every worker that made it."""

    kind: ClassVar[str] = "messaging.count_lost"
    message_id: str


class WriteInvitation(Command, frozen=True):
    """Send somebody her invitation to the staff."""

    kind: ClassVar[str] = "messaging.write_invitation"
    letter_id: str


class WritePasswordReset(Command, frozen=True):
    """Send a member of staff a link to a new password."""

    kind: ClassVar[str] = "messaging.write_password_reset"
    letter_id: str
