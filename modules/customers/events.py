"""Facts about customers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from kit.outbox import Event


class GuestCame(Event, frozen=True):
    """A kiosk opened a visit: unless she is kept by then, nothing of her stays."""

    topic: ClassVar[str] = "customer.guest_came"
    customer_id: str
    until: datetime
