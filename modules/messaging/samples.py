"""Made-up visits for previews."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.money import Price
from modules.messaging.content import About, Door
from modules.messaging.contexts import (
    CancelledVisit,
    MovedVisit,
    SharedLook,
    Sitting,
    Visit,
    VisitSeries,
    WaitlistOffer,
)
from modules.messaging.kinds import RULES, Kind

NAME = "Mara"
NOW = datetime(2026, 12, 3, 13, 30, tzinfo=UTC)
_AT, _END = datetime(2026, 12, 4, 13, 30, tzinfo=UTC), datetime(2026, 12, 4, 15, 0, tzinfo=UTC)
_SERVICES = ("Gel manicure", "Nail art")
_PLACE, _STREET = "Atelier Lindenhof", "Lindenhofstraße 12, 8001 Zürich"
_PRICE = Price(amount=8_400, currency="CHF")
LINK = "https://example.com/a/sample"

_VISIT: dict[str, Any] = {
    "starts_at": _AT,
    "ends_at": _END,
    "services": _SERVICES,
    "location": _PLACE,
    "address": _STREET,
    "staff": "Lena",
    "price": _PRICE,
    "manage_url": LINK,
}


def seen_at(kind: Kind) -> datetime:
    """When a message of this kind is read: two hours before the visit, or a day."""
    return _AT - timedelta(hours=2) if kind is Kind.REMINDER_HOURS else NOW


def sample(kind: Kind) -> About:
    """What a message of this kind could be about."""
    match kind:
        case Kind.SERIES_CONFIRMED:
            weeks = [timedelta(weeks=3 * number) for number in range(4)]
            sittings = tuple(Sitting(_AT + later, _END + later, _SERVICES) for later in weeks)
            return VisitSeries(**{**_VISIT, "price": Price(4 * _PRICE.amount, "CHF")}, sittings=sittings)
        case Kind.APPOINTMENT_MOVED:
            return MovedVisit(**_VISIT, was_at=datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
        case Kind.APPOINTMENT_CANCELLED:
            return CancelledVisit(
                starts_at=_AT, ends_at=_END, services=_SERVICES, location=_PLACE, book_url=LINK
            )
        case Kind.WAITLIST_OFFER:
            return WaitlistOffer(
                starts_at=_AT,
                ends_at=_END,
                services=_SERVICES[:1],
                location=_PLACE,
                staff="Lena",
                price=_PRICE,
                accept_url=LINK,
                held_until=datetime(2026, 12, 3, 17, 0, tzinfo=UTC),
            )
        case Kind.SHARED_LOOK:
            return SharedLook(
                url=LINK,
                by="Mara",
                look="Almond, Rosso 21",
                expires_at=datetime(2026, 12, 24, 12, 0, tzinfo=UTC),
                note="For Saturday, what do you think?",
            )
        case Kind.STAFF_INVITATION | Kind.PASSWORD_RESET:
            return Door(LINK, "stylist" if kind is Kind.STAFF_INVITATION else "")
    assert RULES[kind].context is Visit
    return Visit(**_VISIT)
