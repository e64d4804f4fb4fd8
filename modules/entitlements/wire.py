"""Limits as the API shows them."""

from __future__ import annotations

from msgspec import Struct

from modules.entitlements.plans import Feature


class RequestLimit(Struct, frozen=True):
    """Requests in any window: `remaining` of `limit`; the present window ends in `reset_s`."""

    name: str
    limit: int
    window_s: int
    remaining: int
    reset_s: int


class Room(Struct, frozen=True):
    """Things that may be under way at a time."""

    limit: int
    remaining: int


class FeatureLimit(Struct, frozen=True):
    """A feature of the plan; at_once: the most that one request may ask for, where there is a bound."""

    feature: Feature
    at_once: int | None


class LimitsView(Struct, frozen=True):
    """What the caller may do now. requests is empty while they are not counted."""

    plan: str
    features: tuple[FeatureLimit, ...]
    requests: tuple[RequestLimit, ...]
    waiting_tryons: Room
    uploads: Room
