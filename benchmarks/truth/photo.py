"""Photographs of a nail, bare and painted, formed in linear light: albedo × shading × light + highlights of the light's
colour, encoded to 8-bit sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.truth.effects import effect
from benchmarks.truth.palette import LIGHTS, MONK, linear_of
from benchmarks.truth.plate import Plate, plate
from benchmarks.truth.reflectance import film_over, glint, irradiance, scattered
from looks.colour import linear_to_srgb
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.material import material_of
from models.types import Array

OPAQUE = frozenset({NailFinish.CREAM, NailFinish.GEL, NailFinish.MATTE})
THIN = frozenset({NailFinish.SHEER, NailFinish.JELLY})
PLAIN = OPAQUE | THIN
"""Finishes with pigment alone; all others shine by angle and are judged apart."""

BARE_ROUGHNESS = 0.12
ROUGHNESS = {NailFinish.GEL: 0.06, NailFinish.MATTE: 0.60, NailFinish.TEXTURED: 0.45}
USUAL_ROUGHNESS = 0.09
SILK = 0.02  # fine texture of skin, plate and paint, share of its light
TABLES = np.array([[0.80, 0.79, 0.77], [0.42, 0.42, 0.43], [0.36, 0.22, 0.12], [0.08, 0.08, 0.085]])
"""Linear reflectance of what the hand lies on: paper, stone, wood, slate."""


@dataclass(frozen=True)
class Sitting:
    """One hand under one light. tone: 1 to 10; light: name in LIGHTS."""

    tone: int
    light: str

    @cached_property
    def shape(self) -> Plate:
        """Hands differ in curvature and in how they lie."""
        return plate(arc_deg=84.0 + 3.0 * self.tone, turn_deg=5.0 * ((self.tone * 7) % 9 - 4))

    @cached_property
    def shade(self) -> Array:
        """(h, w) shading of the plate, 1 at its median."""
        return irradiance(self.shape.nail_normal, LIGHTS[self.light]) / self._middle

    @cached_property
    def bare(self) -> Array:
        """(h, w, 3) uint8: the photo that a customer takes."""
        return self._photo(self._bed * self.shade[..., None], BARE_ROUGHNESS)

    @cached_property
    def calm(self) -> Array:
        """Bool: well inside the nail and outside all highlights."""
        bright = glint(self.shape.nail_normal, LIGHTS[self.light], BARE_ROUGHNESS) / self._middle
        low: Array = (self.shape.cover > 0.99) & (bright < 0.03)
        return low

    def painted(self, layer: NailPolish) -> Array:
        """(h, w, 3) uint8: the same photo with the nail painted."""
        material, swatch = material_of(layer.finish), layer.swatch.linear
        if layer.finish in OPAQUE:
            body = swatch * self.shade[..., None]
        elif layer.finish in THIN:
            hiding = 1 - (1 - material.coverage) ** layer.coats
            body = film_over(self._bed, swatch, hiding) * self.shade[..., None]
        else:
            body = effect(swatch, self.shade, self.shape, LIGHTS[self.light], material, seed=self.tone)
        roughness = ROUGHNESS.get(layer.finish, USUAL_ROUGHNESS)
        veil = scattered(LIGHTS[self.light], roughness) / self._middle
        return self._photo(np.maximum(body - veil, 0), roughness)

    @cached_property
    def _middle(self) -> float:
        lit = irradiance(self.shape.nail_normal, LIGHTS[self.light])
        return float(np.median(lit[self.shape.inside]))

    @cached_property
    def _skin(self) -> Array:
        return linear_of(MONK[self.tone - 1])

    @cached_property
    def _bed(self) -> Array:
        """(h, w, 3) reflectance of the bare plate: bed, half moon, free edge."""
        bed = np.clip(self._skin * 0.85 + 0.10 * np.array([1, 0.72, 0.70]), 0, 1)
        pale = np.clip(bed * 0.7 + np.array([0.22, 0.20, 0.18]), 0, 0.9)
        moon = 0.5 * _step(-0.62 - 0.25 * self.shape.across**2 - self.shape.along, 0.06)
        edge = _step(self.shape.along - 0.80 + 0.12 * self.shape.across**2, 0.03)
        share = np.maximum(moon, edge)[..., None]
        nail: Array = bed + (pale - bed) * share
        return nail

    def _photo(self, nail: Array, roughness: float) -> Array:
        light, shape = LIGHTS[self.light], self.shape
        rng = np.random.default_rng(10 * self.tone + len(self.light))
        silk = 1 + SILK * rng.standard_normal((*shape.cover.shape, 1))
        gloss = glint(shape.nail_normal, light, roughness) / self._middle
        skin = self._skin * (irradiance(shape.skin_normal, light) / self._middle)[..., None]
        skin = skin + 0.25 * (glint(shape.skin_normal, light, 0.45) / self._middle)[..., None]
        table = TABLES[self.tone % len(TABLES)] * np.ones((*shape.cover.shape, 1))
        over, on = shape.skin[..., None], shape.cover[..., None]
        scene = (table * (1 - over) + skin * over) * silk
        seen = scene * (1 - on) + (nail * silk + gloss[..., None]) * on
        rgb: Array = np.round(linear_to_srgb(seen * light.colour) * 255).astype(np.uint8)
        return rgb


def _step(x: Array, soft: float) -> Array:
    """0 to 1, smoothly, while x goes from -soft to soft."""
    smooth: Array = 1 / (1 + np.exp(np.clip(-4 * x / soft, -50, 50)))
    return smooth
