"""Who did it."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Actor(Protocol):
    """Anybody with a kind (key, visitor, staff …) and an id; a Caller is one."""

    @property
    def kind(self) -> str: ...

    @property
    def subject(self) -> str: ...


class Named(Struct, frozen=True):
    """An actor that is no caller."""

    kind: str
    subject: str


OPERATOR = Named("platform", "command line")
"""Whoever runs `vernis …` on the machine itself."""

SYSTEM = Named("system", "worker")
"""What follows by rule: a clock that ran out, a consent that was taken back."""
