"""What a message is about, by kind: plain facts, from which the words in the reader's language are made."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from kit.clock import Moment
from kit.money import Price

Line = Annotated[str, Meta(max_length=200)]
Url = Annotated[str, Meta(pattern="^https?://", max_length=2000)]
Calendar = Annotated[str, Meta(max_length=64 * 1024)]


class Visit(Struct, frozen=True, kw_only=True):
    """An appointment that stands. starts_at, ends_at: shown in the message's zone; price: the whole visit's.

    manage_url: signed, moves or cancels it without an account. invitation: an iCalendar text with a METHOD, which goes
    along so that calendars take it in.
    """

    starts_at: Moment
    ends_at: Moment
    services: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]
    location: Line
    manage_url: Url
    address: Line = ""
    staff: Line = ""
    price: Price | None = None
    invitation: Calendar = ""


class Sitting(Struct, frozen=True):
    """One of several appointments."""

    starts_at: Moment
    ends_at: Moment
    services: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]


Sittings = Annotated[tuple[Sitting, ...], Meta(max_length=60)]


class VisitSeries(Visit, frozen=True, kw_only=True):
    """Appointments that were booked at one stroke. sittings: all of them, in the order of time; price: of all together.

    The rest is about the first.
    """

    sittings: Annotated[Sittings, Meta(min_length=2)]


class MovedVisit(Visit, frozen=True, kw_only=True):
    """An appointment that has a new time. was_at: when it was to be."""

    was_at: Moment


class CancelledVisit(Struct, frozen=True, kw_only=True):
    """An appointment that is off. by_salon: who called it off; fee: what is owed for all that is off, if anything.

    also: what of its series is off with it; standing: what follows it and is not.
    """

    starts_at: Moment
    ends_at: Moment
    services: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]
    location: Line
    book_url: Url
    by_salon: bool = False
    fee: Price | None = None
    also: Sittings = ()
    standing: Sittings = ()
    invitation: Calendar = ""


class WaitlistOffer(Struct, frozen=True, kw_only=True):
    """A time that has become free for who waits for one. held_until: nobody else gets it before."""

    starts_at: Moment
    ends_at: Moment
    services: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]
    location: Line
    accept_url: Url
    held_until: Moment
    staff: Line = ""
    price: Price | None = None


class SharedLook(Struct, frozen=True, kw_only=True):
    """A link to a look that somebody tried on. by: who sends it, as she wrote her name."""

    url: Url
    by: Line
    look: Line
    expires_at: Moment
    note: Annotated[str, Meta(max_length=500)] = ""


class StaffLetter(Struct, frozen=True, kw_only=True):
    """A letter of modules/staff, by id: address, role and token are asked for when it is written."""

    letter_id: str
