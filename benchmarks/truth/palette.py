"""What the truth is made of: skin tones, lacquers and lights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.colour import hex_to_srgb, srgb_to_linear
from models.types import Array

MONK = (
    *("#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96"),
    *("#a07e56", "#825c43", "#604134", "#3a312a", "#292420"),
)
"""The Monk Skin Tone scale, 1 to 10 (Monk 2019)."""

LACQUERS = {
    "red": "#b00020",
    "nude": "#d8a78c",
    "black": "#0d0d0f",
    "white": "#f4f1ec",
    "navy": "#14224f",
    "pink": "#f2a0b8",
    "teal": "#0f7f7c",
    "plum": "#4a1436",
    "lilac": "#b9a3d6",
    "coral": "#ff6f52",
    "olive": "#5d6130",
    "greige": "#a39a90",
}


@dataclass(frozen=True, slots=True)
class Light:
    """One light.

    gains: linear RGB relative to D65, luminance near 1; level: against the right exposure; direction: to the key
    light, x to the right, y down, z to the camera; spread: of its lobe, in slopes; key: its share, the rest is sky.
    """

    gains: tuple[float, float, float]
    level: float = 1.0
    direction: tuple[float, float, float] = (-0.45, -0.30, 0.84)
    spread: float = 0.10
    key: float = 0.6

    @property
    def colour(self) -> Array:
        """(3,) gains with the level in them."""
        return np.array(self.gains) * self.level


NEUTRAL = "neutral"
LIGHTS = {
    NEUTRAL: Light((1.0, 1.0, 1.0)),
    "tungsten": Light((1.20, 0.97, 0.66), direction=(0.40, -0.35, 0.85), spread=0.07, key=0.7),
    "shade": Light((0.90, 1.01, 1.20), spread=0.22, key=0.35),
    "fluorescent": Light((0.95, 1.05, 0.84), direction=(-0.10, -0.55, 0.83), spread=0.16, key=0.55),
    "evening": Light((1.08, 0.99, 0.84), level=0.70, direction=(-0.60, 0.10, 0.79), spread=0.12, key=0.65),
}
"""What a phone's white balance leaves of the lights in a salon and at home."""


def linear_of(hex: str) -> Array:
    """(3,) linear light of an sRGB colour."""
    return srgb_to_linear(hex_to_srgb(hex))
