"""Skin tone of a face: CIE Lab under D65, the individual typology angle, its class, and the nearest Monk swatch.

What the light and the exposure leave open is carried along: a fan of plausible skins, each with its weight, from which
every confidence follows.
Sources: Chardon, Cretois and Hourseau 1991 (individual typology angle); Monk 2019 (scale).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np

from looks.colour import lab_to_linear, linear_to_lab, linear_to_srgb
from models.analyse.illuminant import LAMPS_FRAME, TINT, left_over
from models.analyse.monk import distances
from models.types import Array, Illuminant, ShapeError

EXPOSURE = 0.2
"""Standard deviation of log luminance by which phones expose a face beside its true brightness: a third of a stop."""
LEAST_WARM = 0.03  # that no estimate of the light is better than
NODES = ((-(3**0.5), 1 / 6), (0.0, 2 / 3), (3**0.5, 1 / 6))
"""Gauss and Hermite's three nodes: places in standard deviations, and weights."""


class ToneClass(StrEnum):
    """From the individual typology angle, palest first."""

    VERY_LIGHT = "very_light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


BOUNDS = (55.0, 41.0, 28.0, 10.0, -30.0)
"""Degrees above which a class begins; the last class lies below all of them."""


@dataclass(frozen=True, slots=True)
class Skins:
    """Skins that a measured colour may be. lab: (n, 3), the likeliest first; weight: (n,), summing to 1."""

    lab: Array
    weight: Array

    def __post_init__(self) -> None:
        if self.lab.ndim != 2 or self.lab.shape[1] != 3:
            raise ShapeError("lab", ("n", 3), self.lab.shape)
        if self.weight.shape != self.lab.shape[:1]:
            raise ShapeError("weight", self.lab.shape[:1], self.weight.shape)

    @property
    def likeliest(self) -> Array:
        """(3,) Lab."""
        first: Array = self.lab[0]
        return first


@dataclass(frozen=True, slots=True)
class SkinTone:
    """A face's skin. lab, hex: its colour under D65; ita_error_deg: standard deviation; monk: 1 to 10, and ΔE00 to it.

    confidence: share of the plausible skins of the same class; monk_confidence: of those at most one swatch away.
    """

    lab: tuple[float, float, float]
    hex: str
    ita_deg: float
    ita_error_deg: float
    tone: ToneClass
    confidence: float
    monk: int
    monk_distance: float
    monk_confidence: float


def plausible_skins(measured: Array, illuminant: Illuminant) -> Skins:
    """What skin of linear light (3,) may be under D65, when the light is known as well as the estimate says."""
    spreads = (max(left_over(illuminant), LEAST_WARM), TINT, EXPOSURE)
    corrected = measured / illuminant.linear
    lights, weights = [], []
    for nodes in sorted(
        product(NODES, repeat=3), key=lambda nodes: -np.prod([weight for _, weight in nodes])
    ):
        warm, tint, bright = (at * spread for (at, _), spread in zip(nodes, spreads, strict=True))
        red, blue = LAMPS_FRAME @ np.array([warm, tint])
        lights.append(corrected * np.exp([bright - red, bright, bright - blue]))
        weights.append(float(np.prod([weight for _, weight in nodes])))
    return Skins(linear_to_lab(np.array(lights)), np.array(weights))


def skin_tone(skins: Skins) -> SkinTone:
    """The likeliest skin's tone, and how sure it is."""
    lab, angle = skins.likeliest, ita(skins.lab)
    apart = distances(skins.lab)
    nearest = apart.argmin(axis=-1)
    classes = np.array([_number(one) for one in angle])
    mean = float(skins.weight @ angle)
    red, green, blue = np.round(linear_to_srgb(lab_to_linear(lab)) * 255).astype(int).tolist()
    return SkinTone(
        lab=(float(lab[0]), float(lab[1]), float(lab[2])),
        hex=f"#{red:02x}{green:02x}{blue:02x}",
        ita_deg=float(angle[0]),
        ita_error_deg=float(np.sqrt(skins.weight @ (angle - mean) ** 2)),
        tone=tuple(ToneClass)[classes[0]],
        confidence=float(skins.weight[classes == classes[0]].sum()),
        monk=int(nearest[0]) + 1,
        monk_distance=float(apart[0].min()),
        monk_confidence=float(skins.weight[np.abs(nearest - nearest[0]) <= 1].sum()),
    )


def ita(lab: Array) -> Array:
    """Individual typology angle in degrees, (...,) from Lab (..., 3)."""
    angle: Array = np.degrees(np.arctan2(lab[..., 0] - 50, lab[..., 2]))
    return angle


def tone_class(ita_deg: float) -> ToneClass:
    """The class of an angle."""
    return tuple(ToneClass)[_number(ita_deg)]


def _number(ita_deg: float) -> int:
    return sum(bool(ita_deg <= bound) for bound in BOUNDS)
