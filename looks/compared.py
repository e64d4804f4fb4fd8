"""A photo of the real result beside the preview: how far each region is off, or why nobody can tell."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from looks.finger import Finger, HandName


class Place(StrEnum):
    """Where a look lies. face: base, cheeks, eyes and brows, which mix with the skin and are not compared."""

    NAIL = "nail"
    LIPS = "lips"
    HAIR = "hair"
    FACE = "face"


class Matched(StrEnum):
    """How a region of the preview was found again in the photo.

    hand: the same finger of the same hand; finger: of either hand; place: there is one on a face; colour: the nearest
    colour, where no hand was seen that tells fingers.
    """

    HAND = "hand"
    FINGER = "finger"
    PLACE = "place"
    COLOUR = "colour"


class Unmeasured(StrEnum):
    """Why a region has no difference. unclear_preview: it is seen in the photo, and not well enough in the preview."""

    NOT_IN_PHOTO = "not_in_photo"
    BLURRED = "blurred"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNCLEAR_PREVIEW = "unclear_preview"
    NOT_COMPARED = "not_compared"


class Region(Struct, frozen=True, kw_only=True):
    """One region of a look. delta_e: CIEDE2000; preview, result: its colours in one light, sRGB as hex."""

    place: Place
    hand: HandName | None = None
    finger: Finger | None = None
    delta_e: float | None = None
    matched: Matched | None = None
    reason: Unmeasured | None = None
    preview: str | None = None
    result: str | None = None
