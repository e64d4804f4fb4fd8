"""Finishes: how a colour meets light."""

from __future__ import annotations

from enum import StrEnum


class NailFinish(StrEnum):
    CREAM = "cream"
    GEL = "gel"
    MATTE = "matte"
    SHEER = "sheer"
    JELLY = "jelly"
    METALLIC = "metallic"
    PEARL = "pearl"
    SHIMMER_FINE = "shimmer_fine"
    SHIMMER_COARSE = "shimmer_coarse"
    GLITTER = "glitter"
    FLAKE = "flake"
    FOIL = "foil"
    CHROME = "chrome"
    HOLOGRAPHIC = "holographic"
    CAT_EYE = "cat_eye"
    TEXTURED = "textured"


class LipFinish(StrEnum):
    MATTE = "matte"
    SATIN = "satin"
    GLOSS = "gloss"
    SHEER = "sheer"
    METALLIC = "metallic"
    SHIMMER = "shimmer"
    HOLOGRAPHIC = "holographic"


class SkinFinish(StrEnum):
    """Finishes of powder and cream products on cheeks and lids."""

    MATTE = "matte"
    SATIN = "satin"
    SHIMMER = "shimmer"
    METALLIC = "metallic"
    DEWY = "dewy"


class BaseFinish(StrEnum):
    """Finishes of foundation and concealer."""

    MATTE = "matte"
    NATURAL = "natural"
    DEWY = "dewy"


class Coverage(StrEnum):
    """How much of the skin's own unevenness a base hides."""

    SHEER = "sheer"
    MEDIUM = "medium"
    FULL = "full"
