"""Facts about consents."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event
from modules.consent.texts import Purpose


class ConsentGiven(Event, frozen=True):
    """A customer agreed to something."""

    topic: ClassVar[str] = "consent.given"
    consent_id: str


class ConsentWithdrawn(Event, frozen=True):
    """A customer took her consent back, or parts of it: what stands on them must go."""

    topic: ClassVar[str] = "consent.withdrawn"
    consent_id: str
    purposes: tuple[Purpose, ...] = tuple(Purpose)
