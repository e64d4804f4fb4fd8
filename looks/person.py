"""Words for what a face is like, and for what is wrong with a photo of it."""

from __future__ import annotations

from enum import StrEnum


class ToneClass(StrEnum):
    """From the individual typology angle, palest first."""

    VERY_LIGHT = "very_light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


class Undertone(StrEnum):
    COOL = "cool"
    NEUTRAL = "neutral"
    WARM = "warm"
    OLIVE = "olive"


class Season(StrEnum):
    LIGHT_SPRING = "light_spring"
    WARM_SPRING = "warm_spring"
    CLEAR_SPRING = "clear_spring"
    LIGHT_SUMMER = "light_summer"
    COOL_SUMMER = "cool_summer"
    SOFT_SUMMER = "soft_summer"
    SOFT_AUTUMN = "soft_autumn"
    WARM_AUTUMN = "warm_autumn"
    DEEP_AUTUMN = "deep_autumn"
    DEEP_WINTER = "deep_winter"
    COOL_WINTER = "cool_winter"
    CLEAR_WINTER = "clear_winter"


class FaceShape(StrEnum):
    OVAL = "oval"
    ROUND = "round"
    SQUARE = "square"
    OBLONG = "oblong"
    HEART = "heart"
    DIAMOND = "diamond"


class LipFullness(StrEnum):
    FINE = "fine"
    MEDIUM = "medium"
    FULL = "full"


class LipBalance(StrEnum):
    UPPER_FULLER = "upper_fuller"
    EVEN = "even"
    LOWER_FULLER = "lower_fuller"


class EyeShape(StrEnum):
    ALMOND = "almond"
    ROUND = "round"
    NARROW = "narrow"


class EyeTilt(StrEnum):
    UPTURNED = "upturned"
    LEVEL = "level"
    DOWNTURNED = "downturned"


class EyeSpacing(StrEnum):
    CLOSE = "close"
    USUAL = "usual"
    WIDE = "wide"


class BrowDistance(StrEnum):
    LOW = "low"
    USUAL = "usual"
    HIGH = "high"


class BrowArch(StrEnum):
    STRAIGHT = "straight"
    SOFT = "soft"
    HIGH = "high"


class Fault(StrEnum):
    """What is wrong with a photo, gravest first."""

    NO_FACE = "no_face"
    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    NO_COLOUR = "no_colour"
    BLURRED = "blurred"
    TURNED = "turned"
    NODDED = "nodded"
    UNEVEN_LIGHT = "uneven_light"
    COLOURED_LIGHT = "coloured_light"
    COVERED = "covered"
    EYES_CLOSED = "eyes_closed"
    SEVERAL_FACES = "several_faces"
