"""Facts about try-ons."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event
from modules.tryon.states import Status


class TryOnEnded(Event, frozen=True):
    """A try-on reached its last state. status: done, nothing_found, failed or cancelled."""

    topic: ClassVar[str] = "tryon.ended"
    tryon_id: str
    photo_id: str
    status: Status


class TryOnErased(Event, frozen=True):
    """A try-on and its pictures are gone, whatever its state was."""

    topic: ClassVar[str] = "tryon.erased"
    tryon_id: str
    photo_id: str
