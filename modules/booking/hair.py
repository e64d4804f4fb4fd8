"""How many sessions a hair colour takes from where the hair is now: a small protocol, and a rule of thumb behind it.

Levels are the trade's: 1 is black, 10 is lightest blond.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from looks.layer import Hair

Level = Annotated[int, Meta(ge=1, le=10)]


class HairHistory(StrEnum):
    """What was done to it before; colour does not lift colour, so dyed hair lifts less in a session."""

    NATURAL = "natural"
    COLOURED = "coloured"
    BLEACHED = "bleached"


class HairNow(Struct, frozen=True, forbid_unknown_fields=True):
    """The hair that comes in."""

    level: Level
    history: HairHistory = HairHistory.NATURAL


class HairPlan(Struct, frozen=True):
    """What it takes. days_apart: at least so long between two sessions, so that the hair can rest."""

    sessions: int
    bleach: bool
    days_apart: int


class Feasibility(Protocol):
    """Whoever knows hair."""

    def plan(self, now: HairNow, wanted: Hair) -> HairPlan: ...


class LiftRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Levels that one session with bleach lifts, by what was done before, and the rest between two."""

    natural_levels: Annotated[int, Meta(ge=1, le=9)] = 4
    coloured_levels: Annotated[int, Meta(ge=1, le=9)] = 2
    without_bleach: Annotated[int, Meta(ge=0, le=3)] = 1
    days_apart: Annotated[int, Meta(ge=1, le=120)] = 14

    def plan(self, now: HairNow, wanted: Hair) -> HairPlan:
        """Darker, or a little lighter on natural hair, is one session without bleach."""
        lift = wanted.level - now.level
        natural = now.history is HairHistory.NATURAL
        if lift <= (self.without_bleach if natural else 0):
            return HairPlan(1, bleach=False, days_apart=self.days_apart)
        each = self.natural_levels if natural else self.coloured_levels
        return HairPlan(-(-lift // each), bleach=True, days_apart=self.days_apart)
