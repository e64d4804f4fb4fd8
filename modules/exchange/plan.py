"""What an import would do, known in full before anything is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kit.audit import Actor
from kit.db.unit import Unit
from modules.exchange.rows import CellError


@dataclass
class Plan:
    """Counts of rows, everything that is wrong, and how to apply it when nothing is."""

    apply: Callable[[Unit, Actor], Awaitable[None]]
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[CellError] = field(default_factory=list)
