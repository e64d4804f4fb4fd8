"""The kinds of messages, and what sets each apart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from modules.messaging.contexts import (
    CancelledVisit,
    MovedVisit,
    SharedLook,
    StaffLetter,
    Visit,
    VisitSeries,
    WaitlistOffer,
)


class Kind(StrEnum):
    APPOINTMENT_CONFIRMED = "appointment_confirmed"
    SERIES_CONFIRMED = "series_confirmed"
    APPOINTMENT_MOVED = "appointment_moved"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOURS = "reminder_hours"
    WAITLIST_OFFER = "waitlist_offer"
    SHARED_LOOK = "shared_look"
    STAFF_INVITATION = "staff_invitation"
    PASSWORD_RESET = "password_reset"


class Rule(Struct, frozen=True):
    """context: what it is about. prompt: answers what somebody has just done, so that it goes at night too.

    optional: a courtesy that a reader may unsubscribe from; the rest is what she must know.
    """

    context: type[Struct]
    prompt: bool = False
    optional: bool = False


RULES: Mapping[Kind, Rule] = {
    Kind.APPOINTMENT_CONFIRMED: Rule(Visit, prompt=True),
    Kind.SERIES_CONFIRMED: Rule(VisitSeries, prompt=True),
    Kind.APPOINTMENT_MOVED: Rule(MovedVisit, prompt=True),
    Kind.APPOINTMENT_CANCELLED: Rule(CancelledVisit, prompt=True),
    Kind.REMINDER_DAY: Rule(Visit, optional=True),
    Kind.REMINDER_HOURS: Rule(Visit, optional=True),
    Kind.WAITLIST_OFFER: Rule(WaitlistOffer, optional=True),
    Kind.SHARED_LOOK: Rule(SharedLook, prompt=True, optional=True),
    Kind.STAFF_INVITATION: Rule(StaffLetter, prompt=True),
    Kind.PASSWORD_RESET: Rule(StaffLetter, prompt=True),
}
