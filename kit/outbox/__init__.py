"""Jobs and events, written in the transaction that makes them true and carried out at least once."""

from kit.outbox.command import Command, Event
from kit.outbox.write import add, emit

__all__ = ["Command", "Event", "add", "emit"]
