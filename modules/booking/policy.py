"""What a salon asks of those who book, and what it costs to come late with a change: rules as data, pure arithmetic."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

Percent = Annotated[int, Meta(ge=0, le=100)]


class Deadline(Struct, frozen=True, forbid_unknown_fields=True):
    """From so many hours before the appointment on, a change costs this share of its price."""

    hours_before: Annotated[int, Meta(ge=0, le=720)]
    fee_percent: Percent


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """notice_min, ahead_days: how soon and how far ahead customers may book.

    hold_min: how long a slot is kept for who is about to confirm; offer_min: for who waited for it.
    """

    notice_min: Annotated[int, Meta(ge=0, le=20160)] = 60
    ahead_days: Annotated[int, Meta(ge=1, le=400)] = 90
    hold_min: Annotated[int, Meta(ge=1, le=60)] = 10
    offer_min: Annotated[int, Meta(ge=5, le=1440)] = 30
    deadlines: Annotated[tuple[Deadline, ...], Meta(max_length=6)] = (
        Deadline(24, 50),
        Deadline(4, 100),
    )
    no_show_percent: Percent = 100

    def late_percent(self, starts_at: datetime, now: datetime) -> int:
        """What a change costs now, in percent of the price; the strictest deadline that has passed."""
        passed = [
            deadline.fee_percent
            for deadline in self.deadlines
            if now > starts_at - timedelta(hours=deadline.hours_before)
        ]
        return max(passed, default=0)

    def free_until(self, starts_at: datetime) -> datetime:
        """The last moment at which a change costs nothing."""
        costly = [deadline.hours_before for deadline in self.deadlines if deadline.fee_percent]
        return starts_at - timedelta(hours=max(costly, default=0))


def share(amount: int, percent: int) -> int:
    """A share of a price in minor units, rounded down in the customer's favour."""
    return amount * percent // 100
