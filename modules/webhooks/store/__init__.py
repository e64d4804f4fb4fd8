"""SQL of webhooks."""

from modules.webhooks.store import deliveries, endpoints, messages

__all__ = ["deliveries", "endpoints", "messages"]
