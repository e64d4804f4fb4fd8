"""Facts about outcomes, by ids."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event
from modules.outcomes.states import OutcomeStatus


class OutcomeEnded(Event, frozen=True):
    """The photo of a real result was compared with its preview, or could not be. status: its last state."""

    topic: ClassVar[str] = "outcome.ended"
    outcome_id: str
    appointment_id: str
    status: OutcomeStatus
