"""Facts about a salon's own catalogue."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class DesignPublished(Event, frozen=True):
    """Customers can see and try on a design of the salon's own."""

    topic: ClassVar[str] = "design.published"
    design_id: str


class DesignChanged(Event, frozen=True):
    """A design that customers can see changed, or what the salon makes of a shipped one."""

    topic: ClassVar[str] = "design.changed"
    design_id: str


class DesignArchived(Event, frozen=True):
    """A design is no longer offered: it was archived, hidden or deleted."""

    topic: ClassVar[str] = "design.archived"
    design_id: str
