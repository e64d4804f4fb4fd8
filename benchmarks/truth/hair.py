"""Photographs of a lock of hair beside a cheek, before and after colouring, formed in linear light by fibres' physics.

A lock is a thick bed of fibres: what it gives back follows from how much a fibre absorbs (melanins or dye) and
scatters (Kubelka and Munk 1931), light in its gaps fades with depth the faster the darker the fibres are, and the
cuticle mirrors in a lobe along the strand, once white (R) and once through the pigment (TRT; Marschner et al. 2003).
Melanins: d'Eon et al. 2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from benchmarks.truth.palette import LIGHTS, MONK, Light, linear_of
from looks.colour import lab_to_linear, linear_to_srgb
from models.types import Array, Box, Hair, Mask

HEIGHT, WIDTH = 240, 200
STRAND_PX = 2.4
EUMELANIN = np.array([0.419, 0.697, 1.37])
PHEOMELANIN = np.array([0.187, 0.40, 1.05])
LEVELS = {
    2: (13.0, 0.2),
    3: (18.5, 0.3),
    4: (25.0, 0.4),
    5: (32.5, 0.5),
    6: (41.0, 0.6),
    7: (50.5, 0.6),
    8: (60.5, 0.5),
    9: (70.5, 0.3),
}
"""Lightness of a tress of each level, and the share of pheomelanin in it."""
TARGETS = {
    "blue_black": "#15181e",
    "espresso": "#372920",
    "chestnut": "#513429",
    "cherry": "#672129",
    "copper": "#8f4d27",
    "hazelnut": "#7d5c43",
    "honey": "#a17a4f",
    "wheat": "#b6966f",
    "pale_gold": "#d0b589",
    "platinum": "#d9c9b1",
    "silver": "#a5a9ae",
    "denim": "#436b93",
}
CLEAR = 1.6  # extinction of light that no fibre has met yet, per mean free path
MIRROR, TILT, SHARP = (
    0.046,
    np.radians(3.0),
    np.radians(9.0),
)  # Fresnel's share, scales of the cuticle, lobe's width
INNER = 0.9  # of the second lobe beside the first, where no pigment weakens it
OWN_SPREAD, DYED_SPREAD = 0.12, 0.05  # of pigment from strand to strand
LEAST_PLAIN = 20  # percentile of the hair that counts as plain however dark it is dyed
GLINT = 0.02  # linear light mirrored that makes a highlight
NOISE = 0.001  # of the sensor, linear light
WALLS = np.array([[0.80, 0.79, 0.77], [0.42, 0.42, 0.43], [0.36, 0.30, 0.24], [0.08, 0.08, 0.085]])


@dataclass(frozen=True)
class HairSitting:
    """One lock under one light. tone: of the skin beside it, 1 to 10; light: name in LIGHTS."""

    tone: int
    light: str

    def before(self, level: int) -> Array:
        """(h, w, 3) uint8: the photo that a customer takes; level: of her hair, a key of LEVELS."""
        lightness, pheo = LEVELS[level]
        mix = (1 - pheo) * EUMELANIN + pheo * PHEOMELANIN
        return self._photo(mix * _concentration(mix, lightness), OWN_SPREAD)

    def after(self, hex: str) -> Array:
        """(h, w, 3) uint8: the same photo when a tress of this hair has the swatch's colour."""
        return self._photo(_absorption(linear_of(hex)), DYED_SPREAD)

    def shading(self, hex: str) -> Array:
        """(h, w) lightness of the dyed fibres without what the cuticle mirrors, in white light."""
        body = self._body(_absorption(linear_of(hex)), 0.0) @ np.array([0.2126, 0.7152, 0.0722])
        found: Array = np.cbrt(body)
        return found

    @cached_property
    def inside(self) -> Array:
        """Bool: all hair."""
        whole: Array = self._cover > 0.99
        return whole

    @cached_property
    def calm(self) -> Array:
        """Bool: hair that mirrors no lamp."""
        low: Array = self.inside & (self._outer * MIRROR < GLINT)
        return low

    def plain(self, hex: str) -> Array:
        """Bool: hair that mirrors no lamp and less than half of what this dye gives back, or its least shiny part."""
        mirrored = self._outer * MIRROR
        body = float(linear_of(hex) @ np.array([0.2126, 0.7152, 0.0722]))
        least = float(np.percentile(mirrored[self.inside], LEAST_PLAIN))
        low: Array = self.inside & (mirrored < max(min(GLINT, body / 2), least))
        return low

    @cached_property
    def hair(self) -> Hair:
        """The exact matte."""
        alpha = np.round(self._cover * 255).astype(np.uint8)
        rows, columns = np.nonzero(alpha)
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        return Hair(Mask(np.ascontiguousarray(alpha[box.slices]), box), 0, 1.0)

    @property
    def cheek(self) -> Box:
        """Where skin is seen."""
        return Box(4, 60, 52, 200)

    @cached_property
    def _place(self) -> tuple[Array, Array, Array]:
        """Across the lock in half widths, strand number, and slope of the strands."""
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
        turns = 0.8 + 0.12 * self.tone
        phase = 2 * np.pi * turns * y / HEIGHT + self.tone
        wave, slope = 9 * np.sin(phase), 9 * 2 * np.pi * turns / HEIGHT * np.cos(phase)
        across = (x - 0.62 * WIDTH - wave) / (0.33 * WIDTH)
        # Strands cross a little on their way down.
        drift = 3.0 * np.sin(0.021 * y + 3.1 * across) + 1.4 * np.sin(0.05 * y - 5 * across)
        return across, (x - wave + drift) / STRAND_PX, slope

    @cached_property
    def _strand(self) -> Array:
        """(h, w) a random value of each strand, -1 to 1, changing slowly along it."""
        rng = np.random.default_rng(100 * self.tone + 7)
        values = rng.uniform(-1, 1, (2 * WIDTH, 6))
        _, number, _ = self._place
        row = np.clip(number + WIDTH / 2, 0, 2 * WIDTH - 1.001).astype(np.float32)
        column = np.mgrid[0:HEIGHT, 0:WIDTH][0].astype(np.float32) * (4.9 / HEIGHT)
        nearest = np.floor(row)
        found: Array = cv2.remap(values.astype(np.float32), column, nearest, cv2.INTER_LINEAR)
        return found

    @cached_property
    def _depth(self) -> Array:
        """(h, w) how deep a strand lies, in mean free paths; its sides lie deeper than its ridge."""
        _, number, _ = self._place
        round_off = 1 - np.sqrt(np.clip(1 - (2 * (number % 1) - 1) ** 2 * 0.8, 0, 1))
        found: Array = 0.45 * (1 + self._strand) * 0.7 + 0.35 * round_off
        return cv2.GaussianBlur(found, (0, 0), 0.6)

    @cached_property
    def _cover(self) -> Array:
        across, _, _ = self._place
        edge = 1 - np.abs(across) + 0.05 * self._strand
        return np.clip(edge * 14 + 0.5, 0, 1)

    @property
    def _lamp(self) -> Light:
        return LIGHTS[self.light]

    @cached_property
    def _lit(self) -> Array:
        """(h, w) light that falls on the lock's surface, 1 in its median."""
        across, _, _ = self._place
        bend = 0.85 * np.clip(across, -1, 1)
        y = np.mgrid[0:HEIGHT, 0:WIDTH][0] / HEIGHT
        down = 0.45 * np.sin(2 * np.pi * (0.9 * y + 0.1 * self.tone))
        up = np.sqrt(np.clip(1 - bend**2 - down**2, 0.05, 1))
        key = np.array(self._lamp.direction) / np.linalg.norm(self._lamp.direction)
        facing = np.clip(bend * key[0] + down * key[1] + up * key[2], 0.05, 1)
        lit = self._lamp.key * facing + (1 - self._lamp.key) * (0.55 + 0.45 * up)
        found: Array = lit / np.median(lit[self._cover > 0.99])
        return found

    def _lobe(self, tilt: float, width: float) -> Array:
        """(h, w) what fibres mirror of the lamp and, wider, of the sky, in the unit of `_lit`."""
        _, _, slope = self._place
        y = np.mgrid[0:HEIGHT, 0:WIDTH][0] / HEIGHT
        lean = 0.55 * np.cos(2 * np.pi * (1.1 * y + 0.13 * self.tone)) + 0.12 * self._strand
        tangent = np.stack([slope, np.ones_like(slope), lean], axis=-1)
        tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True)
        key = np.array(self._lamp.direction) / np.linalg.norm(self._lamp.direction)
        incoming = np.arcsin(np.clip(tangent @ key, -1, 1))
        leaving = np.arcsin(np.clip(tangent[..., 2], -1, 1))
        half = (incoming + leaving) / 2 - tilt
        spread = np.hypot(width, self._lamp.spread)
        lobe = np.exp(-(half**2) / (2 * spread**2)) / (spread * np.sqrt(2 * np.pi))
        open_share = np.exp(-CLEAR * self._depth)
        found: Array = (self._lamp.key * lobe + (1 - self._lamp.key) * 0.35) * open_share * self._lit
        return found

    @cached_property
    def _outer(self) -> Array:
        """(h, w) mirrored by the cuticle."""
        return self._lobe(-TILT, SHARP)

    @cached_property
    def _inner(self) -> Array:
        """(h, w) mirrored by the fibre's far wall."""
        return self._lobe(1.5 * TILT, 2 * SHARP)

    def _body(self, absorption: Array, spread: float) -> Array:
        """(h, w, 3) light that has been through the fibres."""
        k = absorption * np.exp(spread * self._strand[..., None])
        reflected = 1 + k - np.sqrt(k * k + 2 * k)
        body: Array = reflected * np.exp(-_fading(k) * self._depth[..., None]) * self._lit[..., None]
        return body

    def _photo(self, absorption: Array, spread: float) -> Array:
        lamp, rng = self._lamp, np.random.default_rng(10 * self.tone + len(self.light))
        through = np.exp(-0.6 * absorption)
        gloss = MIRROR * (self._outer[..., None] + INNER * through * self._inner[..., None])
        usual = np.median(gloss[self.calm], axis=0)
        hair = np.maximum(self._body(absorption, spread) + gloss - usual, 0)
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        skin_share = np.clip((0.36 * WIDTH - x) / 2, 0, 1)[..., None]
        skin = linear_of(MONK[self.tone - 1]) * (1.05 - 0.35 * (y / HEIGHT))[..., None]
        wall = WALLS[self.tone % len(WALLS)] * np.ones((HEIGHT, WIDTH, 1))
        around = wall * (1 - skin_share) + skin * skin_share
        cover = self._cover[..., None]
        seen = (around * (1 - cover) + hair * cover) * lamp.colour
        seen = seen + NOISE * rng.standard_normal(seen.shape)
        rgb: Array = np.round(linear_to_srgb(seen) * 255).astype(np.uint8)
        return rgb


USUAL_DEPTH = 0.40
"""Of the strands that a tress shows when it is measured."""


def _fading(k: Array) -> Array:
    """How fast light fades with depth: by the two fluxes, but no faster than light that has met no fibre."""
    diffuse = np.sqrt(k * (k + 2))
    found: Array = diffuse * CLEAR / (diffuse + CLEAR)
    return found


def _tress(k: Array) -> Array:
    """Reflectance of a tress whose fibres absorb k times what they scatter."""
    found: Array = (1 + k - np.sqrt(k * k + 2 * k)) * np.exp(-_fading(k) * USUAL_DEPTH)
    return found


def _absorption(reflectance: Array) -> Array:
    """(3,) absorption over scattering at which a tress has this reflectance."""
    low, high = np.full(3, 1e-5), np.full(3, 1e4)
    for _ in range(80):
        middle = np.sqrt(low * high)
        darker = _tress(middle) < reflectance
        low, high = np.where(darker, low, middle), np.where(darker, middle, high)
    found: Array = np.sqrt(low * high)
    return found


def _concentration(mix: Array, lightness: float) -> float:
    """How much of a mixture of melanins gives a tress this lightness."""
    wanted = float(lab_to_linear(np.array([lightness, 0.0, 0.0])) @ np.array([0.2126, 0.7152, 0.0722]))
    low, high = 1e-5, 1e4
    for _ in range(80):
        middle = float(np.sqrt(low * high))
        darker = float(_tress(mix * middle) @ np.array([0.2126, 0.7152, 0.0722])) < wanted
        low, high = (low, middle) if darker else (middle, high)
    return float(np.sqrt(low * high))
