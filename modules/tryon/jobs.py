"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command
from modules.consent.texts import Purpose
from modules.tryon.states import Status


class RenderTryOn(Command, frozen=True):
    """Draw a try-on's looks onto its photo."""

    kind: ClassVar[str] = "tryon.render"
    queue: ClassVar[str] = "gpu"
    tryon_id: str


class GiveUpTryOn(Command, frozen=True):
    """Tell the customer that a render killed every worker that took it."""

    kind: ClassVar[str] = "tryon.give_up"
    tryon_id: str


class DeleteTryOnObjects(Command, frozen=True):
    """Delete from storage what an ended try-on does not show: what attempts left, and all when it is erased."""

    kind: ClassVar[str] = "tryon.delete_objects"
    tryon_id: str


class EraseTryOnsOfPhoto(Command, frozen=True):
    """Erase every try-on of an erased photo."""

    kind: ClassVar[str] = "tryon.erase_of_photo"
    photo_id: str


class FollowWithdrawal(Command, frozen=True):
    """Erase what rests on the parts of a consent that were taken back."""

    kind: ClassVar[str] = "tryon.follow_withdrawal"
    consent_id: str
    purposes: tuple[Purpose, ...]


class ExpireTryOn(Command, frozen=True):
    """Erase a try-on when its time is over."""

    kind: ClassVar[str] = "tryon.expire"
    tryon_id: str


class RememberTriedDesigns(Command, frozen=True):
    """Note what a customer tried on, when a try-on has ended."""

    kind: ClassVar[str] = "tryon.remember_designs"
    tryon_id: str
    photo_id: str
    status: Status
