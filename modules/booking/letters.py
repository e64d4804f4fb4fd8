"""What customers hear of their appointments: put into the post by the transaction that makes it true.

Who left no e-mail address hears nothing. Each letter carries the manage link, and what makes her calendar follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from kit import clock
from kit.db.unit import Unit
from kit.money import Price
from kit.settings import Settings
from modules.booking import ics, links
from modules.booking.entries import entry
from modules.booking.ics import Party
from modules.booking.setup.wire import Location
from modules.booking.store import setup
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingContact, BookingStatus
from modules.messaging import service as messaging
from modules.messaging.contexts import (
    CancelledVisit,
    MovedVisit,
    Sitting,
    Visit,
    VisitSeries,
    WaitlistOffer,
)
from modules.messaging.kinds import Kind
from modules.messaging.service import Recipient

REMINDERS: Mapping[Kind, timedelta] = {
    Kind.REMINDER_DAY: timedelta(hours=24),
    Kind.REMINDER_HOURS: timedelta(hours=2),
}
"""How long before a visit they leave; one whose time is over when she books is left out."""
LONGEST = 200
"""Characters of a line in a letter."""


async def booked(unit: Unit, made: Sequence[Appointment], settings: Settings) -> None:
    """Confirm what was booked at one stroke, in one letter, and remind her of each; an offer that led to it and still
    waits is taken back.
    """
    for one in made:
        await messaging.take_back(unit, one.id)
    posts = [post for one in _in_order(made) if (post := await _post(unit, one, settings)) is not None]
    if len(posts) == 1:
        (post,) = posts
        await post.send(Kind.APPOINTMENT_CONFIRMED, Visit(**post.visit(), invitation=post.invitation()))
    elif posts:
        await _confirm_series(posts)
    for post in posts:
        await post.remind()


async def _confirm_series(posts: Sequence[_Post]) -> None:
    """It is about the series: what becomes of one of them does not take it back."""
    first, series_id = posts[0], posts[0].row.series_id or ""
    about = VisitSeries(
        **{**first.visit(), "price": first.price(sum(post.row.price_amount for post in posts))},
        sittings=tuple(_sitting(post.row) for post in posts),
        invitation=first.published([post.row for post in posts]),
    )
    await first.send(Kind.SERIES_CONFIRMED, about, about=series_id)


async def moved(unit: Unit, row: Appointment, was: Appointment, settings: Settings) -> None:
    """Tell the new time; what still waits about the old one is taken back."""
    await messaging.take_back(unit, row.id)
    if (post := await _post(unit, row, settings)) is not None:
        about = MovedVisit(**post.visit(), invitation=post.invitation(), was_at=was.starts_at)
        await post.send(Kind.APPOINTMENT_MOVED, about)
        await post.remind()


async def cancelled(
    unit: Unit,
    was: Sequence[Appointment],
    rows: Sequence[Appointment],
    standing: Sequence[Appointment],
    settings: Settings,
    *,
    by_salon: bool,
) -> None:
    """Call appointments off, in one letter; of times that were only held there is nothing to tell.

    was, rows: each before and after, what she asked for first. standing: what follows it and is not called off.
    """
    for row in rows:
        await messaging.take_back(unit, row.id)
    off = [row for row, before in zip(rows, was, strict=True) if before.status is BookingStatus.BOOKED]
    if not off or (post := await _post(unit, off[0], settings)) is None:
        return
    about = CancelledVisit(
        **post.place_and_time(),
        book_url=post.manage,
        by_salon=by_salon,
        fee=post.price(sum(row.fee_amount or 0 for row in off)),
        also=tuple(map(_sitting, off[1:])),
        standing=tuple(map(_sitting, standing)),
        invitation=post.published(off) if off[1:] else post.cancellation(),
    )
    await post.send(Kind.APPOINTMENT_CANCELLED, about)


async def offered(unit: Unit, row: Appointment, settings: Settings) -> None:
    """Tell who waits of the time that is held for her."""
    if row.hold_until is not None and (post := await _post(unit, row, settings)) is not None:
        about = WaitlistOffer(
            **post.place_and_time(),
            accept_url=post.manage,
            held_until=row.hold_until,
            staff=post.staff,
            price=post.price(row.price_amount),
        )
        await post.send(Kind.WAITLIST_OFFER, about, until=row.hold_until)


class _Post(Struct, frozen=True):
    """What every letter about one appointment needs. staff: names; manage: her page."""

    unit: Unit
    row: Appointment
    place: Location
    staff: str
    salon: str
    to: BookingContact
    settings: Settings

    @property
    def manage(self) -> str:
        made_at = self.row.created_at or clock.now()
        return links.page(self.unit.business_id, self.row.id, made_at, self.settings)

    def place_and_time(self) -> dict[str, Any]:
        row = self.row
        return {
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "services": _services(row),
            "location": self.place.name,
        }

    def visit(self) -> dict[str, Any]:
        return {
            **self.place_and_time(),
            "manage_url": self.manage,
            "staff": self.staff,
            "price": self.price(self.row.price_amount),
        }

    def price(self, amount: int | None) -> Price | None:
        """None where there is nothing to pay."""
        return Price(amount, self.row.price_currency) if amount else None

    def invitation(self) -> str:
        event = entry(self.row, self.place, self.settings)
        return ics.invitation(event, *self._parties(), at=clock.now()).decode()

    def cancellation(self) -> str:
        event = entry(self.row, self.place, self.settings)
        return ics.cancellation(event, *self._parties(), at=clock.now()).decode()

    def published(self, rows: Sequence[Appointment]) -> str:
        """Several appointments at the same place, as they stand now."""
        events = [entry(row, self.place, self.settings) for row in rows]
        return ics.publication(events, self._parties()[0], at=clock.now()).decode()

    def _parties(self) -> tuple[Party, Party]:
        """The organizer is who sends the letter (RFC 6047)."""
        return Party(self.settings.mail.sender, self.salon), Party(
            (self.to.email or "").strip(), " ".join(self.to.name.split())
        )

    async def remind(self) -> None:
        """Put the reminders into the post that are still to come."""
        for kind, before in REMINDERS.items():
            due = self.row.starts_at - before
            if due > clock.now():
                await self.send(kind, Visit(**self.visit()), due=due, until=self.row.starts_at)

    async def send(self, kind: Kind, context: Struct, *, about: str = "", **when: Any) -> None:
        """Once for each version of the appointment that calendars count. about: its own id without one."""
        await messaging.send(
            self.unit,
            kind,
            Recipient(self.to.email or "", self.to.name, self.to.language or "", self.row.customer_id),
            context,
            key=f"{kind}:{self.row.id}:{self.row.sequence}",
            about=about or self.row.id,
            zone=self.place.zone,
            **when,
        )


def _in_order(rows: Iterable[Appointment]) -> list[Appointment]:
    """By time."""
    return sorted(rows, key=lambda row: (row.starts_at, row.id))


def _sitting(row: Appointment) -> Sitting:
    return Sitting(row.starts_at, row.ends_at, _services(row))


def _services(row: Appointment) -> tuple[str, ...]:
    return tuple(leg.name for leg in row.legs)


async def _post(unit: Unit, row: Appointment, settings: Settings) -> _Post | None:
    """None where she left no e-mail address."""
    if row.contact is None or row.contact.email is None:
        return None
    place = (await setup.locations_by_id(unit, [row.location_id]))[row.location_id]
    team = await setup.stylist_names(unit, {leg.stylist_id for leg in row.legs})
    return _Post(
        unit=unit,
        row=row,
        place=place,
        staff=", ".join(team.values())[:LONGEST],
        salon=(await messaging.signed_settings(unit)).sender_name,
        to=row.contact,
        settings=settings,
    )
