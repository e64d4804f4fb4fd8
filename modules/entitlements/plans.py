"""What a business may use. There is one plan for everybody now; others are added to PLANS."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Feature(StrEnum):
    """What a plan can hold or withhold. The number asked for is in the unit that the comment names."""

    TRY_ON = "try_on"  # looks of one try-on
    PHOTO = "photo"  # photos of one upload
    SHARE = "share"  # links of one request


class Plan(Struct, frozen=True):
    """features: what is included, and how much of it one request may ask for (None: any number)."""

    name: str
    features: Mapping[Feature, int | None]


OPEN = Plan("open", dict.fromkeys(Feature))
PAUSED = Plan("paused", {})

PLANS: Mapping[str, Plan] = {plan.name: plan for plan in (OPEN, PAUSED)}
"""`open` is everybody's; `paused` makes nothing new: what is there can still be read and erased."""
