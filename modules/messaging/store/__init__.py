"""SQL of messages."""

from modules.messaging.store import messages, settings, suppressions

__all__ = ["messages", "settings", "suppressions"]
