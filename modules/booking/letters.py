"""What customers hear of their appointments: put into the post by the transaction that makes it true.

Who left no e-mail address hears nothing. Each letter carries the manage link, and what makes her calendar follow.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from modules.messaging.contexts import CancelledVisit, MovedVisit, Visit, WaitlistOffer
from modules.messaging.kinds import Kind
from modules.messaging.service import Recipient

REMINDERS: Mapping[Kind, timedelta] = {
    Kind.REMINDER_DAY: timedelta(hours=24),
    Kind.REMINDER_HOURS: timedelta(hours=2),
}
"""How long before a visit they leave; one whose time is over when she books is left out."""
LONGEST = 200
"""Characters of a line in a letter."""


async def booked(unit: Unit, row: Appointment, settings: Settings) -> None:
    """Confirm an appointment, and remind her of it; an offer that led to it is taken back if it still waits."""
    await messaging.take_back(unit, row.id)
    if (post := await _post(unit, row, settings)) is not None:
        await post.send(Kind.APPOINTMENT_CONFIRMED, Visit(**post.visit(), invitation=post.invitation()))
        await post.remind()


async def moved(unit: Unit, row: Appointment, was: Appointment, settings: Settings) -> None:
    """Tell the new time; what still waits about the old one is taken back."""
    await messaging.take_back(unit, row.id)
    if (post := await _post(unit, row, settings)) is not None:
        about = MovedVisit(**post.visit(), invitation=post.invitation(), was_at=was.starts_at)
        await post.send(Kind.APPOINTMENT_MOVED, about)
        await post.remind()


async def cancelled(
    unit: Unit, row: Appointment, was: Appointment, settings: Settings, *, by_salon: bool
) -> None:
    """Call it off; of a time that was only held there is nothing to tell."""
    await messaging.take_back(unit, row.id)
    if was.status is BookingStatus.BOOKED and (post := await _post(unit, row, settings)) is not None:
        about = CancelledVisit(
            **post.place_and_time(),
            book_url=post.manage,
            by_salon=by_salon,
            fee=post.price(row.fee_amount),
            invitation=post.cancellation(),
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
            "services": tuple(leg.name for leg in row.legs),
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

    async def send(self, kind: Kind, about: Struct, **when: Any) -> None:
        """Once for each version of the appointment that calendars count."""
        await messaging.send(
            self.unit,
            kind,
            Recipient(self.to.email or "", self.to.name, self.to.language or "", self.row.customer_id),
            about,
            key=f"{kind}:{self.row.id}:{self.row.sequence}",
            about=self.row.id,
            zone=self.place.zone,
            **when,
        )


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
