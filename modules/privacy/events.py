"""Facts about persons."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class PersonErased(Event, frozen=True):
    """Nothing of a customer is left here; whoever knows her by this id must forget her too."""

    topic: ClassVar[str] = "person.erased"
    erasure_id: str
    customer_id: str
