"""The simplest truth: a plate that bends to the sides only, one streak of highlight, skin all round it.

Three lights, of which one is dim and one warm; highlights are white under each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.truth.palette import MONK, linear_of
from looks.colour import linear_to_srgb
from looks.finger import Finger
from models.types import Array, Box, Mask, Nail

HEIGHT, WIDTH = 140, 100
LIGHTS = {"d65": (1.0, 1.0, 1.0), "dim": (0.55, 0.55, 0.55), "warm": (1.0, 0.82, 0.58)}
KEY = np.array([-0.45, -0.30, 0.84])
LEAN = 0.85  # sine of the plate's tilt at its side


@dataclass(frozen=True)
class FlatSitting:
    """One flat nail under one light. tone: 1 to 10; light: name in LIGHTS."""

    tone: int
    light: str

    @cached_property
    def _place(self) -> tuple[Array, Array]:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
        return (x - WIDTH / 2) / (0.36 * WIDTH), (y - HEIGHT / 2) / (0.40 * HEIGHT)

    @cached_property
    def _radius(self) -> Array:
        across, down = self._place
        radius: Array = np.abs(across) ** 2.6 + np.abs(down) ** 2.6
        return radius

    @cached_property
    def inside(self) -> Array:
        """Bool: the nail."""
        within: Array = self._radius <= 1
        return within

    @cached_property
    def cover(self) -> Array:
        """(h, w) soft share of nail."""
        soft: Array = np.clip(14 * (1 - self._radius) + 0.5, 0, 1)
        return soft

    @cached_property
    def shade(self) -> Array:
        """(h, w) shading, 1 at its median."""
        tilt = LEAN * np.clip(self._place[0], -1, 1)
        key = KEY / np.linalg.norm(KEY)
        lit = np.clip(tilt * key[0] + np.sqrt(np.clip(1 - tilt**2, 0.1, 1)) * key[2], 0.05, 1)
        level: Array = lit / np.median(lit[self.inside])
        return level

    @cached_property
    def gloss(self) -> Array:
        """(h, w) the highlight, linear light."""
        across, down = self._place
        streak: Array = 0.55 * np.exp(-((across + 0.35) ** 2 / 0.012 + (down + 0.05) ** 2 / 0.25)) + 0.02
        return streak

    @cached_property
    def calm(self) -> Array:
        """Bool: the nail outside its highlight."""
        low: Array = self.inside & (self.gloss < 0.08)
        return low

    @cached_property
    def nail(self) -> Nail:
        """The exact mask and axis."""
        alpha = np.round(self.cover * 255).astype(np.uint8)
        middle, reach = WIDTH / 2, 0.40 * HEIGHT
        axis = np.array([[middle, HEIGHT / 2 + reach], [middle, HEIGHT / 2 - reach]], np.float32)
        return Nail(Mask(alpha, Box(0, 0, WIDTH, HEIGHT)), axis, 0.72 * WIDTH, 1.0, None, Finger.INDEX)

    @cached_property
    def bare(self) -> Array:
        """(h, w, 3) uint8: the photo before."""
        skin = linear_of(MONK[self.tone - 1])
        return self._photo(np.clip(0.85 * skin + 0.10 * np.array([1, 0.72, 0.70]), 0, 1))

    def painted(self, albedo: Array) -> Array:
        """(h, w, 3) uint8: the photo of the same nail with this linear reflectance, (3,)."""
        return self._photo(albedo)

    def _photo(self, nail: Array) -> Array:
        light = np.array(LIGHTS[self.light])
        silk = 1 + 0.02 * np.random.default_rng(7).standard_normal((HEIGHT, WIDTH, 1))
        skin, on = linear_of(MONK[self.tone - 1]), self.cover[..., None]
        body = (skin * (1 - on) + nail * on) * self.shade[..., None] * silk * light
        seen = body + (self.gloss * self.cover)[..., None] * light.mean()
        rgb: Array = np.round(linear_to_srgb(seen) * 255).astype(np.uint8)
        return rgb
