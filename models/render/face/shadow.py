"""Eye shadow: one to five colours in the zones of a lid, each melting into the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from models.segment.face.eye import Places
from models.types import Array

BLENDED = 0.035  # eye widths over which a brush blends every edge


@dataclass(frozen=True, slots=True)
class Lid:
    """(h, w) each: x along the eye, rise over the upper lashes, depth below the lower ones."""

    x: Array
    rise: Array
    below: Array


Zone = Callable[[Lid], Array]


def zones(count: int) -> tuple[Zone, ...]:
    """The zones of so many colours, in the order in which they are laid."""
    return ZONES[min(count, 5)]


def shares(places: Places, count: int) -> list[Array]:
    """(h, w) float32 for each colour; nothing on the eyeball."""
    lid = Lid(places.x, places.rise(), places.height(places.eye.lower) - places.y)
    skin, sigma = places.skin(), max(0.6, BLENDED * places.eye.width)
    return [cv2.GaussianBlur(zone(lid).astype(np.float32), (0, 0), sigma) * skin for zone in zones(count)]


def _up(x: Array, start: float, end: float) -> Array:
    """0 to 1 while x goes from start to end, smoothly."""
    t = np.clip((x - start) / (end - start), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth


def _bump(x: Array, middle: float, low: float, high: float) -> Array:
    """1 in the middle, falling with these spreads below and above it."""
    spread = np.where(x < middle, low, high)
    bump: Array = np.exp(-0.5 * ((x - middle) / spread) ** 2)
    return bump


def _on(rise: Array) -> Array:
    return _up(rise, -0.06, 0.05)


def _lid(at: Lid) -> Array:
    along = _up(at.x, -0.04, 0.16) * (1 - _up(at.x, 0.98, 1.16))
    share: Array = _on(at.rise) * (1 - _up(at.rise, 0.6, 2.3)) * along * 0.84
    return share


def _wash(at: Lid) -> Array:
    along = _up(at.x, -0.08, 0.18) * (1 - _up(at.x, 0.98, 1.24))
    share: Array = _on(at.rise) * (1 - _up(at.rise, 0.7, 2.8)) * along * 0.82
    return share


def _inner(at: Lid) -> Array:
    share: Array = (
        _on(at.rise)
        * (1 - _up(at.rise, 0.7, 1.9))
        * _up(at.x, -0.10, 0.02)
        * (1 - _up(at.x, 0.22, 0.50))
        * 0.92
    )
    return share


def _crease(at: Lid) -> Array:
    along = _up(at.x, 0.02, 0.38) * (1 - _up(at.x, 1.0, 1.24))
    share: Array = _on(at.rise) * _bump(at.rise, 1.25, 0.45, 0.62) * along * 0.66
    return share


def _outer(at: Lid) -> Array:
    """The outer corner, a soft V that follows the crease inwards, with a touch under the eye."""
    corner = _up(at.x, 0.55, 0.92) * (1 - _up(at.x, 1.08, 1.30)) * (1 - _up(at.rise, 0.7, 2.5))
    follow = _up(at.x, 0.34, 0.80) * (1 - _up(at.x, 1.05, 1.26)) * _bump(at.rise, 1.15, 0.26, 0.40) * 0.55
    above = _on(at.rise) * np.maximum(corner, follow) * 0.78
    share: Array = np.maximum(above, _under(at) * 0.65)
    return share


def _under(at: Lid) -> Array:
    """Along the lower lashes, towards the outer corner."""
    along = _up(at.x, 0.28, 0.75) * (1 - _up(at.x, 1.0, 1.16))
    share: Array = _up(at.below, -0.015, 0.01) * (1 - _up(at.below, 0.02, 0.105)) * along * 0.75
    return share


def _bone(at: Lid) -> Array:
    share: Array = (
        _bump(at.rise, 2.55, 0.45, 0.30) * _up(at.x, 0.30, 0.62) * (1 - _up(at.x, 0.98, 1.25)) * 0.55
    )
    return share


ZONES: dict[int, tuple[Zone, ...]] = {
    1: (_wash,),
    2: (_lid, _outer),
    3: (_lid, _crease, _outer),
    4: (_inner, _lid, _crease, _outer),
    5: (_bone, _inner, _lid, _crease, _outer),
}
