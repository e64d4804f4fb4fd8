"""Lashes along the lids: fans of tapered hairs that hang down when the eye is shut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.render.face.strokes import Hairs
from models.segment.face.eye import Eye
from models.types import Array

SEED = 11
THINNEST = 0.6  # pixels


@dataclass(frozen=True, slots=True)
class Fan:
    """One style; lengths in eye widths. upper: number, longest; outer: how much longer the outer ones are; peak: where
    the longest lie; lower: number, longest; thick: of a hair's root; cluster: how far tips lean together.
    """

    upper: int
    longest: float
    outer: float
    peak: float
    lower: int
    below: float
    thick: float
    cluster: float


FANS = {
    "lashes": Fan(62, 0.115, 0.30, 0.70, 16, 0.035, 0.0075, 0.25),
    "lashes_volume": Fan(92, 0.155, 0.30, 0.66, 20, 0.042, 0.0085, 0.45),
    "lashes_cat": Fan(70, 0.150, 1.10, 0.94, 14, 0.038, 0.0080, 0.35),
}


def hairs(eye: Eye, fan: Fan) -> Hairs:
    """The lashes of one eye, in photo pixels."""
    rng = np.random.default_rng(SEED)
    upper, lower = _upper(eye, fan, rng), _lower(eye, fan, rng)
    roots, bends, tips, thick = (
        np.concatenate([one, other]) for one, other in zip(upper, lower, strict=True)
    )
    roots, bends, tips = (eye.all_at(places) for places in (roots, bends, tips))
    return Hairs(roots, bends, tips, np.maximum(THINNEST, thick * eye.width))


Curves = tuple[Array, Array, Array, Array]


def _upper(eye: Eye, fan: Fan, rng: np.random.Generator) -> Curves:
    """Roots, bends and tips in eye widths, and how thick they are."""
    x, lift = np.linspace(0.10, 0.99, fan.upper), eye.lift
    away = np.exp(-0.5 * ((x - fan.peak) / 0.34) ** 2)
    long = fan.longest * (0.32 + 0.68 * away) * (1 + fan.outer * (x - 0.5))
    long = long * (0.62 + 0.55 * rng.random(fan.upper))
    group = np.round(x * 14) / 14 - x
    lean = 2.0 * (x - 0.40) + 0.13 * rng.normal(size=fan.upper) + 2.2 * fan.cluster * group
    # An open eye's lashes rise, a shut one's lie on the cheek; in between they point at the camera.
    rise = lift * 1.0 - (1 - lift) * 0.85
    root_x = x + 0.006 * rng.normal(size=fan.upper)
    roots = np.stack([root_x, np.interp(x, eye.xs, eye.upper) - 0.004], axis=1)
    way = np.stack([np.sin(lean), np.cos(lean) * rise], axis=1)
    # They leave the lid outwards and curl up: seen from the front, concave to the outer side.
    out = np.stack([np.sin(lean) * 1.25 + 0.22, np.cos(lean) * rise * 0.45], axis=1)
    thick = fan.thick * (0.8 + 0.4 * rng.random(fan.upper))
    return roots, roots + 0.55 * long[:, None] * out, roots + long[:, None] * way, thick


def _lower(eye: Eye, fan: Fan, rng: np.random.Generator) -> Curves:
    """The same under the eye."""
    x = np.linspace(0.34, 0.97, fan.lower)
    long = (
        fan.below * (0.55 + 0.45 * np.sin(np.pi * (x - 0.30) / 0.75)) * (0.75 + 0.5 * rng.random(fan.lower))
    )
    root_x = x + 0.008 * rng.normal(size=fan.lower)
    roots = np.stack([root_x, np.interp(x, eye.xs, eye.lower) - 0.012], axis=1)
    lean = 1.0 * (x - 0.45) + 0.14 * rng.normal(size=fan.lower)
    tips = roots + long[:, None] * np.stack([np.sin(lean), -np.cos(lean)], axis=1)
    aside = np.stack([np.cos(lean), np.zeros_like(lean)], axis=1)
    bends = (roots + tips) / 2 - 0.12 * long[:, None] * aside
    return roots, bends, tips, np.full(fan.lower, 0.55 * fan.thick)


def strength(eye: Eye, fan: Fan) -> float:
    """How dark a hair is drawn that is thinner than can be drawn in this photo."""
    return min(1.0, 0.25 + 0.75 * fan.thick * eye.width / THINNEST)
