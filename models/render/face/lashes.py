"""Lashes along the lids: fans of tapered hairs that hang down when the eye is shut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.render.face.strokes import Hair
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
    "lashes": Fan(58, 0.150, 0.30, 0.66, 16, 0.040, 0.0085, 0.20),
    "lashes_volume": Fan(84, 0.195, 0.25, 0.60, 20, 0.050, 0.0100, 0.40),
    "lashes_cat": Fan(64, 0.185, 1.00, 0.92, 14, 0.045, 0.0092, 0.30),
}


def hairs(eye: Eye, fan: Fan) -> Iterator[Hair]:
    """The lashes of one eye, in photo pixels."""
    rng = np.random.default_rng(SEED)
    lift = eye.lift
    for x in np.linspace(0.10, 0.99, fan.upper):
        away = np.exp(-0.5 * ((x - fan.peak) / 0.34) ** 2)
        long = fan.longest * (0.45 + 0.55 * away) * (1 + fan.outer * (x - 0.5)) * (0.82 + 0.30 * rng.random())
        group = np.round(x * 14) / 14 - x
        lean = 1.15 * (x - 0.44) + 0.10 * rng.normal() + 2.2 * fan.cluster * group
        # An open eye's lashes rise, a shut one's lie on the cheek; in between they point at the camera.
        rise = lift * 1.0 - (1 - lift) * 0.85
        root = np.array([x + 0.006 * rng.normal(), np.interp(x, eye.xs, eye.upper) - 0.004])
        way = np.array([np.sin(lean), np.cos(lean) * rise])
        tip = root + long * way
        # They leave the lid outwards and curl up: seen from the front, concave to the outer side.
        out = np.array([np.sin(lean) + 0.35 * np.sign(lean), np.cos(lean) * rise * 0.55])
        bend = root + 0.55 * long * out
        yield _hair(eye, root, bend, tip, fan.thick * (0.8 + 0.4 * rng.random()))
    for x in np.linspace(0.34, 0.97, fan.lower):
        long = fan.below * (0.55 + 0.45 * np.sin(np.pi * (x - 0.30) / 0.75)) * (0.75 + 0.5 * rng.random())
        root = np.array([x + 0.008 * rng.normal(), np.interp(x, eye.xs, eye.lower) - 0.012])
        lean = 1.0 * (x - 0.45) + 0.14 * rng.normal()
        tip = root + long * np.array([np.sin(lean), -np.cos(lean)])
        bend = (root + tip) / 2 - long * 0.12 * np.array([np.cos(lean), 0.0])
        yield _hair(eye, root, bend, tip, 0.55 * fan.thick)


def strength(eye: Eye, fan: Fan) -> float:
    """How dark a hair is drawn that is thinner than can be drawn in this photo."""
    return min(1.0, 0.25 + 0.75 * fan.thick * eye.width / THINNEST)


def _hair(eye: Eye, root: Array, bend: Array, tip: Array, thick: float) -> Hair:
    places = [eye.at(float(place[0]), float(place[1])).astype(np.float32) for place in (root, bend, tip)]
    return Hair(places[0], places[1], places[2], max(THINNEST, thick * eye.width))
