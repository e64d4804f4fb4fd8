"""Facts about appointments, by ids. sequence: as calendars count changes (RFC 5545)."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class AppointmentBooked(Event, frozen=True):
    """Somebody is expected. tryon_id: the look that she booked from; source: the shared link that brought her."""

    topic: ClassVar[str] = "appointment.booked"
    appointment_id: str
    sequence: int
    tryon_id: str | None
    source: str | None


class AppointmentMoved(Event, frozen=True):
    """The same appointment, at another time or with somebody else."""

    topic: ClassVar[str] = "appointment.moved"
    appointment_id: str
    sequence: int


class AppointmentCancelled(Event, frozen=True):
    """Its time is free again."""

    topic: ClassVar[str] = "appointment.cancelled"
    appointment_id: str
    sequence: int


class AppointmentNoShow(Event, frozen=True):
    """She did not come."""

    topic: ClassVar[str] = "appointment.no_show"
    appointment_id: str


class WaitlistOffered(Event, frozen=True):
    """A time came free, and is held for who waited longest for it."""

    topic: ClassVar[str] = "waitlist.offered"
    waiting_id: str
    appointment_id: str
