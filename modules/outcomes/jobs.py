"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command
from modules.consent.texts import Purpose


class CompareOutcome(Command, frozen=True):
    """Compare the photo of a real result with its preview."""

    kind: ClassVar[str] = "outcomes.compare"
    queue: ClassVar[str] = "gpu"
    outcome_id: str


class GiveUpOutcome(Command, frozen=True):
    """Say that a comparison killed every worker that took it."""

    kind: ClassVar[str] = "outcomes.give_up"
    outcome_id: str


class DeleteOutcomeObjects(Command, frozen=True):
    """Delete from storage what an outcome does not show: what attempts left, and all when it is erased."""

    kind: ClassVar[str] = "outcomes.delete_objects"
    outcome_id: str


class ExpireOutcomePicture(Command, frozen=True):
    """Let go of the picture when its time is over; the figures stay."""

    kind: ClassVar[str] = "outcomes.expire_picture"
    outcome_id: str


class EraseOutcomesOfPhoto(Command, frozen=True):
    """Erase what was learnt from an erased photo."""

    kind: ClassVar[str] = "outcomes.erase_of_photo"
    photo_id: str


class EraseOutcomesOfConsent(Command, frozen=True):
    """Erase what rests on the parts of a consent that were taken back."""

    kind: ClassVar[str] = "outcomes.erase_of_consent"
    consent_id: str
    purposes: tuple[Purpose, ...]
