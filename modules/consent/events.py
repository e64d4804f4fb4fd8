"""Facts about consents."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class ConsentGiven(Event, frozen=True):
    """A customer agreed to something."""

    topic: ClassVar[str] = "consent.given"
    consent_id: str


class ConsentWithdrawn(Event, frozen=True):
    """A customer took her consent back: what stands on it must go."""

    topic: ClassVar[str] = "consent.withdrawn"
    consent_id: str
