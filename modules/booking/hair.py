"""The hair that comes in, and what a colour takes on it: the rules are those that a try-on's answer shows."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from looks.hair import HairReading, Level
from looks.hair_formula import HairFeasibility, feasibility
from looks.layer import Hair


class HairHistory(StrEnum):
    """What was done to it before; colour does not lift colour, so dyed hair lifts less in a session."""

    NATURAL = "natural"
    COLOURED = "coloured"
    BLEACHED = "bleached"


class HairNow(Struct, frozen=True, forbid_unknown_fields=True):
    """The hair that comes in."""

    level: Level
    history: HairHistory = HairHistory.NATURAL


def takes(now: HairNow, wanted: Hair) -> HairFeasibility:
    """What a colour takes on this hair; what was bleached before is as careful a start as what was dyed."""
    treated = now.history is not HairHistory.NATURAL
    return feasibility(HairReading(level=float(now.level)), wanted, coloured=treated)
