"""What a job or an event carries: ids, never personal data."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from kit.outbox.queues import CPU


class Command(Struct, frozen=True):
    """A job for a worker. Subclasses name their kind (`tryon.render`) and their queue.

    A subscriber has the fields of its event; one with whole_event hears events of many shapes, each as `topic`, what
    was `told`, and the time `at` which it was.
    """

    kind: ClassVar[str]
    queue: ClassVar[str] = CPU
    whole_event: ClassVar[bool] = False


class Event(Struct, frozen=True):
    """A fact that modules above may hear. Subclasses name their topic (`photos.erased`)."""

    topic: ClassVar[str]
