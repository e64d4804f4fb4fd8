"""Colour families: the word under which a customer looks for a shade, taken from its Lab value."""

from __future__ import annotations

from enum import StrEnum
from math import atan2, degrees, hypot


class ColourFamily(StrEnum):
    WHITE = "white"
    NUDE = "nude"
    PINK = "pink"
    CORAL = "coral"
    RED = "red"
    BERRY = "berry"
    ORANGE = "orange"
    YELLOW = "yellow"
    BROWN = "brown"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"
    GREY = "grey"
    BLACK = "black"
    BLONDE = "blonde"


# Upper bounds of CIE Lab hue in degrees, for colours that are neither neutral nor warm.
_COOL = (
    (182.0, ColourFamily.GREEN),
    (232.0, ColourFamily.TEAL),
    (296.0, ColourFamily.BLUE),
    (340.0, ColourFamily.PURPLE),
)


def family_of(lab: tuple[float, float, float]) -> ColourFamily:
    """Family of a lacquer, lip or powder colour. Bounds were drawn by eye on our own swatches."""
    lightness, chroma, hue = _lch(lab)
    if neutral := _neutral(lightness, chroma):
        return neutral
    if 112 <= hue < 340:
        return next(family for bound, family in _COOL if hue < bound)
    if hue >= 340 or hue < 20:
        return ColourFamily.BERRY if lightness < 48 else ColourFamily.PINK
    if 24 <= hue < 90 and lightness >= 28 and chroma <= (31 if lightness >= 55 else 28):
        return ColourFamily.NUDE
    if hue < 42:
        if lightness > 57:
            return ColourFamily.CORAL if hue >= 26 else ColourFamily.PINK
        if lightness > 50 and chroma < 40:
            return ColourFamily.PINK if hue < 30 else ColourFamily.BROWN
        return ColourFamily.RED if chroma >= 28 else ColourFamily.BROWN
    if hue < 72:
        if chroma >= 55:
            return ColourFamily.ORANGE
        return ColourFamily.CORAL if lightness >= 62 else ColourFamily.BROWN
    if lightness < 60:
        return ColourFamily.GREEN if hue >= 95 else ColourFamily.BROWN
    return ColourFamily.YELLOW


def hair_family_of(lab: tuple[float, float, float]) -> ColourFamily:
    """Family of hair and brows, where warm tones are called blonde, brown or red."""
    lightness, chroma, hue = _lch(lab)
    if lightness < 15.5:
        return ColourFamily.BLACK
    if chroma < 5:
        return ColourFamily.GREY
    if not 18 <= hue < 112:
        return family_of(lab)
    if chroma >= 28 and hue < 62 and lightness < 60:
        return ColourFamily.RED
    if hue < 45 and lightness >= 60:
        return ColourFamily.PINK
    return ColourFamily.BLONDE if lightness >= 45 else ColourFamily.BROWN


def _neutral(lightness: float, chroma: float) -> ColourFamily | None:
    if lightness < 20 and chroma < 10:
        return ColourFamily.BLACK
    if lightness >= 86.5 and chroma < 11:
        return ColourFamily.WHITE
    return ColourFamily.GREY if chroma < 9 else None


def _lch(lab: tuple[float, float, float]) -> tuple[float, float, float]:
    lightness, a, b = lab
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360
