"""What a job or an event carries: ids, never personal data."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Command(Struct, frozen=True):
    """A job for a worker. Subclasses name their kind (`tryon.render`) and their queue (`gpu` or `cpu`)."""

    kind: ClassVar[str]
    queue: ClassVar[str] = "cpu"


class Event(Struct, frozen=True):
    """A fact that modules above may hear. Subclasses name their topic (`photos.erased`)."""

    topic: ClassVar[str]
