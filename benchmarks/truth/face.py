"""Photographs of a mouth and of a cheek, bare and made up, formed in linear light as those of nails are: albedo ×
shading × light + highlights of the light's colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.truth.palette import LIGHTS, MONK, linear_of
from benchmarks.truth.reflectance import film_over, glint, irradiance
from looks.colour import linear_to_srgb
from models.types import Array

SIDE = 220  # pixels of a picture
PAPER = np.array([0.55, 0.55, 0.54])  # what stands behind
SILK = 0.02  # fine texture, share of its light
BLOOD = np.array([1.06, 0.93, 0.90])
LIP_ROUGHNESS, SKIN_ROUGHNESS = 0.22, 0.40
BARE_GLOSS = 0.35  # of skin and lips beside lacquer: they are not wet
LIPSTICKS = {
    "true_red": "#be2f2f",
    "rosewood": "#b76d6c",
    "blackberry": "#612437",
    "petal": "#df999d",
    "cocoa": "#7c4a3c",
    "coral": "#e0694f",
    "plum": "#4a1436",
    "toffee": "#a5644c",
}
FOUNDATIONS = {
    "porcelain": "#f0d5c3",
    "sand": "#d3a580",
    "caramel": "#a06c48",
    "mocha": "#6f4630",
    "ebony": "#2f211c",
}
BLUSHES = {
    "baby_rose": "#ecaab1",
    "warm_rose": "#d98383",
    "berry": "#ad4962",
    "terracotta": "#c07256",
    "brick": "#9e4a3c",
}


@dataclass(frozen=True)
class Sitting:
    """One face under one light. tone: 1 to 10; light: name in LIGHTS."""

    tone: int
    light: str

    @cached_property
    def skin(self) -> Array:
        """(3,) reflectance of bare skin; the scale's swatches lack the blood that faces have."""
        found: Array = np.clip(linear_of(MONK[self.tone - 1]) * BLOOD, 0.004, 0.95)
        return found

    @cached_property
    def lip(self) -> Array:
        """(3,) reflectance of bare lips: less of green and blue than the skin beside them."""
        lip: Array = self.skin * np.array([0.78, 0.50, 0.52])
        return lip

    def developed(self, scene: Array) -> Array:
        """(h, w, 3) uint8 of a scene's light under white."""
        seen: Array = scene * LIGHTS[self.light].colour
        rgb: Array = np.round(linear_to_srgb(seen) * 255).astype(np.uint8)
        return rgb

    def silk(self) -> Array:
        """(h, w, 1) fine texture, about 1."""
        rng = np.random.default_rng(10 * self.tone + len(self.light))
        texture: Array = 1 + SILK * rng.standard_normal((SIDE, SIDE, 1))
        return texture


@dataclass(frozen=True)
class Mouth(Sitting):
    """A closed mouth: two bulges with fine lines, and skin about them."""

    @cached_property
    def lines(self) -> tuple[Array, Array, Array]:
        """(n,) each over t from -1 to 1: upper outline, line of the mouth, lower outline, in halves of the picture."""
        t = np.linspace(-1, 1, 201)
        bow = 1 - 0.16 * np.exp(-((t / 0.12) ** 2))
        return -0.26 * bow * (1 - t**2) ** 0.75, 0.02 * np.cos(3 * t) * (1 - t**2), 0.33 * (1 - t**2) ** 0.7

    @cached_property
    def places(self) -> tuple[Array, Array, Array]:
        """(h, w) each: t along the mouth, 0 to 1 from its line to the outline, and soft share of lip."""
        y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / SIDE * 2 - 1
        t = x / 0.72
        along = np.linspace(-1, 1, 201)
        top, seam, bottom = (np.interp(t, along, line) for line in self.lines)
        across = np.where(
            y < seam, (seam - y) / np.maximum(seam - top, 1e-3), (y - seam) / np.maximum(bottom - seam, 1e-3)
        )
        inside = np.where(y < seam, y - top, bottom - y) * SIDE / 2
        cover = np.clip(inside / 1.5 + 0.5, 0, 1) * (np.abs(t) < 1)
        return t, np.clip(across, 0, 1), cover

    @cached_property
    def normal(self) -> Array:
        """(h, w, 3) unit vectors over lips and skin."""
        t, across, cover = self.places
        lean = np.sin(np.radians(46)) * (across - 0.45) * 1.6
        y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / SIDE * 2 - 1
        upward = np.where(y < np.interp(t, np.linspace(-1, 1, 201), self.lines[1]), -1.0, 1.0)
        lines = 0.05 * np.sin(95 * t + 1.3 * np.sin(9 * t))
        down = upward * lean * cover + 0.10 * y * (1 - cover)
        right = (0.30 * t + lines) * cover + 0.30 * x * (1 - cover)
        return _unit(right, down)

    @cached_property
    def bare(self) -> Array:
        """(h, w, 3) uint8: the photo that a customer takes."""
        return self._seen(np.broadcast_to(self.lip, (SIDE, SIDE, 3)), LIP_ROUGHNESS, BARE_GLOSS)

    def painted(self, swatch: Array, hiding: float | None, roughness: float, gloss: float) -> Array:
        """(h, w, 3) uint8 with lipstick. swatch: (3,) linear; hiding: share of contrast gone, None for all of it."""
        coloured = np.broadcast_to(
            swatch if hiding is None else film_over(self.lip, swatch, hiding), (SIDE, SIDE, 3)
        )
        return self._seen(coloured, roughness, gloss)

    def _seen(self, lips: Array, roughness: float, gloss: float) -> Array:
        cover = self.places[2][..., None]
        crack = np.exp(-((self.places[1] / 0.05) ** 2))[..., None] * cover
        albedo = (self.skin + (lips - self.skin) * cover) * (1 - 0.7 * crack)
        shine = BARE_GLOSS + (gloss - BARE_GLOSS) * self.places[2]
        light = LIGHTS[self.light]
        middle = float(np.median(irradiance(self.normal, light)[self.places[2] > 0.99]))
        shade = irradiance(self.normal, light) / middle
        lip, beside = (glint(self.normal, light, one) for one in (roughness, SKIN_ROUGHNESS))
        bright = shine * (beside + (lip - beside) * self.places[2]) / middle
        return self.developed(albedo * shade[..., None] * self.silk() + bright[..., None])

    @cached_property
    def calm(self) -> Array:
        """Bool: well inside the lips, beside their line and all highlights."""
        light = LIGHTS[self.light]
        middle = float(np.median(irradiance(self.normal, light)[self.places[2] > 0.99]))
        dull = BARE_GLOSS * glint(self.normal, light, LIP_ROUGHNESS) / middle < 0.03
        found: Array = (self.places[2] > 0.99) & (self.places[1] > 0.3) & dull
        return found


@dataclass(frozen=True)
class Cheeks(Sitting):
    """The front of a head without features: an ellipsoid of even skin with a flush on either side."""

    @cached_property
    def cover(self) -> Array:
        """(h, w) soft share of face."""
        x, y = self._xy
        share: Array = np.clip((1 - np.hypot(x, y)) * 40 + 0.5, 0, 1)
        return share

    @property
    def _xy(self) -> tuple[Array, Array]:
        y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / SIDE * 2 - 1
        return x / 0.80, y / 0.96

    @cached_property
    def normal(self) -> Array:
        x, y = self._xy
        return _unit(0.82 * np.clip(x, -1, 1), 0.62 * np.clip(y, -1, 1))

    @cached_property
    def albedo(self) -> Array:
        """(h, w, 3) reflectance of the bare face, redder on the cheeks."""
        x, y = self._xy
        flush = np.exp(-(((np.abs(x) - 0.5) / 0.22) ** 2) - ((y - 0.15) / 0.25) ** 2)[..., None]
        found: Array = self.skin * (1 - flush * np.array([0.02, 0.14, 0.12]))
        return found

    @cached_property
    def bare(self) -> Array:
        """(h, w, 3) uint8: the photo that a customer takes."""
        return self._seen(self.albedo)

    def powdered(self, swatch: Array, hiding: float, share: Array) -> Array:
        """(h, w, 3) uint8 with a film of powder over (h, w) shares of the skin."""
        film = film_over(self.albedo, swatch, hiding)
        return self._seen(self.albedo + (film - self.albedo) * share[..., None])

    def founded(self, swatch: Array, hiding: float, share: Array) -> Array:
        """(h, w, 3) uint8 with a base that hides so much of the skin's own colour."""
        return self._seen(self.albedo + (swatch - self.albedo) * (hiding * share)[..., None])

    def _seen(self, albedo: Array) -> Array:
        light, silk = LIGHTS[self.light], self.silk()
        middle = float(np.median(irradiance(self.normal, light)[self.cover > 0.99]))
        shade = irradiance(self.normal, light) / middle
        bright = BARE_GLOSS * glint(self.normal, light, SKIN_ROUGHNESS) / middle
        face = albedo * shade[..., None] * silk + bright[..., None]
        return self.developed(PAPER * silk + (face - PAPER * silk) * self.cover[..., None])


def _unit(right: Array, down: Array) -> Array:
    up = np.sqrt(np.maximum(1 - right**2 - down**2, 0.05))
    normal = np.stack([right, down, up], axis=-1)
    unit: Array = normal / np.linalg.norm(normal, axis=-1, keepdims=True)
    return unit
