"""Outcomes as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from looks.compared import Region
from modules.outcomes.states import OutcomeStatus
from modules.outcomes.worn import CLOSE, VERY_CLOSE


class OutcomeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo of how it turned out, uploaded as any other under a consent of the appointment's customer."""

    photo_id: Annotated[str, Meta(min_length=1, max_length=64)]


class Closeness(StrEnum):
    """In words: very_close to ΔE00 3, close to 5, different beyond."""

    VERY_CLOSE = "very_close"
    CLOSE = "close"
    DIFFERENT = "different"

    @classmethod
    def of(cls, delta_e: float) -> Closeness:
        return cls.VERY_CLOSE if delta_e <= VERY_CLOSE else cls.CLOSE if delta_e <= CLOSE else cls.DIFFERENT


class OutcomeRegion(Region, frozen=True, kw_only=True):
    """A region, the design that is seen there, and its difference in a word."""

    design_id: str | None
    closeness: Closeness | None


class OutcomePictures(Struct, frozen=True):
    """URLs for fifteen minutes; null where she did not agree that her stylist keeps them, or they are gone."""

    preview: str | None = None
    result: str | None = None


NO_PICTURES = OutcomePictures()


class OutcomeProblem(Struct, frozen=True):
    """Why a photo could not be compared."""

    code: str
    message: str


class Outcome(Struct, frozen=True, kw_only=True):
    """How near an appointment's result came to the preview that it was booked from, when status is `done`.

    compared: regions that could be, of so many (regions); mean_delta_e: CIEDE2000 over them; advice: how to take a
    better photo.
    """

    id: str
    booking_id: str
    photo_id: str
    status: OutcomeStatus
    version: int
    progress: float
    compared: int
    mean_delta_e: float | None
    closeness: Closeness | None
    regions: tuple[OutcomeRegion, ...]
    pictures: OutcomePictures
    advice: tuple[str, ...]
    problem: OutcomeProblem | None
    created_at: datetime
    finished_at: datetime | None
    links: dict[str, str]


class DesignAccuracy(Struct, frozen=True, kw_only=True):
    """How near visits came to the previews of a design; figures only from `least_visits` on.

    median_delta_e: CIEDE2000, the median of the visits' means; very_close, close: shares of visits within 3 and 5.
    """

    design_id: str
    visits: int
    least_visits: int
    median_delta_e: float | None
    very_close: float | None
    close: float | None


class DesignAccuracies(Struct, frozen=True):
    """Those with enough visits, the farthest off first, on one page; `next_cursor` is null."""

    items: tuple[DesignAccuracy, ...]
    next_cursor: str | None = None
