"""What can go wrong with webhooks."""

from __future__ import annotations

from kit.errors import Conflict, NotFound


class UnknownWebhook(NotFound):
    code, public = "unknown_webhook", "There is no such webhook endpoint."


class UnknownDelivery(NotFound):
    code, public = "unknown_delivery", "There is no such delivery. The log goes back thirty days."


class TooManyWebhooks(Conflict):
    code, public = "too_many_webhooks", "A business can have twenty webhook endpoints."


class WebhookIsDisabled(Conflict):
    code, public = "webhook_disabled", "This endpoint is disabled. Enable it first."


class DeliveryPending(Conflict):
    code, public = "delivery_pending", "This delivery is still under way."
