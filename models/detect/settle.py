"""Believe a landmark network only where it agrees with itself.

A network that is shown something else answers with landmarks all the same. Shown again in the square that
those landmarks ask for, a true face or hand stays where it was (0.1 to 1 % of its size, measured);
all else wanders (2 to 10 %).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.detect.square import Square
from models.types import Array

PASSES = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a landmark network. landmarks: (n, 3) float64, photo pixels; presence, extra: 0 to 1."""

    landmarks: Array
    presence: float
    extra: float = 0.0


def settle(
    read: Callable[[Square], Reading],
    aim: Callable[[Array], Square],
    start: Square,
    *,
    grown: float,
    drift: float,
) -> Reading | None:
    """Read again in the square that the last reading asks for, until two agree; None if none do in PASSES.

    grown: how much larger aim's squares are than the thing; drift: largest mean step of a landmark, in sizes
    of the thing. The answer is the mean of the two and the lowest presence of all.
    """
    last = read(start)
    lowest = last.presence
    for _ in range(PASSES - 1):
        square = aim(last.landmarks)
        if lowest < 0.5 or not 4 < square.side < 1e6:
            return None
        now = read(square)
        lowest = min(lowest, now.presence)
        step = np.hypot(*(now.landmarks - last.landmarks)[:, :2].T).mean()
        if lowest >= 0.5 and step < drift * square.side / grown:
            return Reading((now.landmarks + last.landmarks) / 2, lowest, (now.extra + last.extra) / 2)
        last = now
    return None


@dataclass(frozen=True, slots=True)
class Nudged:
    """What a doubtful thing must still show in nudged crops: mean presence at least, drift in its sizes at most."""

    presence: float
    drift: float
    grown: float


def steady(
    read: Callable[[Square], Reading], aim: Callable[[Array], Square], found: Reading, least: Nudged
) -> bool:
    """Whether the landmarks stay when the crop is turned by 20 degrees either way, widened and narrowed."""
    square = aim(found.landmarks)
    nudged = [replace(square, angle=square.angle + turn) for turn in (0.35, -0.35)]
    nudged += [replace(square, side=square.side * scale) for scale in (1.25, 0.85)]
    readings = [read(other) for other in nudged]
    steps = [np.hypot(*(other.landmarks - found.landmarks)[:, :2].T).mean() for other in readings]
    present = np.mean([other.presence for other in readings])
    return bool(present >= least.presence and max(steps) <= least.drift * square.side / least.grown)


def tilt(across: Array) -> float:
    """Radians, clockwise, that the picture is turned when this (2,) vector should point to the right."""
    return float(np.arctan2(across[1], across[0]))


def around(points: Array, angle: float, grown: float) -> Square:
    """The square turned by `angle` around (n, 2) points, `grown` times as large as their longer side."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    upright = points @ turn
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = turn @ ((low + high) / 2)
    return Square(float(x), float(y), float((high - low).max()) * grown, angle)
