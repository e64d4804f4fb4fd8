"""Outlines of a nail's free edge."""

from __future__ import annotations

from enum import StrEnum


class NailShape(StrEnum):
    NATURAL = "natural"
    SQUARE = "square"
    SQUOVAL = "squoval"
    ROUND = "round"
    OVAL = "oval"
    ALMOND = "almond"
    STILETTO = "stiletto"
    COFFIN = "coffin"
