"""Free-edge outlines: how wide a nail of each shape is, seen from its tip."""

from __future__ import annotations

import numpy as np

from looks.shape import NailShape
from models.types import Array

ARC = {NailShape.SQUARE: 0.05, NailShape.SQUOVAL: 0.08, NailShape.COFFIN: 0.04}
"""How far the middle of a flat free edge stands out over its corners, in half widths of the nail."""

_STEPS = 40


def half_width(shape: NailShape, distance: Array, free: float) -> Array:
    """Share of the nail's half width at a distance from its tip, 1 where the sides begin to leave the plate.

    distance: (n,) from the tip; free: from the tip to where tapering may begin; both in half widths of the nail.
    Every profile joins the sides with their own slope, so that no corner shows. Raises KeyError for NATURAL, whose
    outline is the nail's own.
    """
    y = np.clip(np.asarray(distance, np.float32), 0, free)
    share: Array = _PROFILES[shape](y, max(free, 1e-3)).astype(np.float32)
    return share


def free_edge(shape: NailShape, free: float) -> tuple[Array, Array]:
    """The outline of one side from where tapering may begin to the middle of the tip.

    Two (n,) float32: share of the half width, from 1 to 0, and distance from the tip in half widths, from free to 0.
    """
    distance = free * (1 - np.sin(np.linspace(0, np.pi / 2, _STEPS, dtype=np.float32)))
    share = half_width(shape, distance, free)
    across = np.linspace(share[-1], 0, 6, dtype=np.float32)[1:]
    across, distance = np.concatenate([share, across]), np.concatenate([distance, np.zeros_like(across)])
    fade = np.exp(-distance / max(0.25 * free, 1e-3))
    return across, distance + ARC.get(shape, 0.0) * min(1.0, free) * across**2 * fade


def _rounded(y: Array, depth: float) -> Array:
    """Half an ellipse as deep as this on parallel sides."""
    share: Array = np.sqrt(np.clip(1 - (1 - np.clip(y / depth, 0, 1)) ** 2, 0, 1))
    return share


def _corners(y: Array, radius: float) -> Array:
    """What rounded corners of this radius take from the half width."""
    taken: Array = radius * (1 - _rounded(y, radius))
    return taken


def _square(y: Array, free: float) -> Array:
    return 1 - _corners(y, min(0.07, 0.3 * free))


def _squoval(y: Array, free: float) -> Array:
    return 1 - _corners(y, min(0.42, 0.6 * free))


def _round(y: Array, free: float) -> Array:
    return _rounded(y, min(0.95, 0.9 * free))


def _oval(y: Array, free: float) -> Array:
    return _rounded(y, min(1.55, free))


def _almond(y: Array, free: float) -> Array:
    x = y / free
    share: Array = np.clip(1 - (1 - x) ** 2.1, 0, 1) ** 0.72
    return share


def _stiletto(y: Array, free: float) -> Array:
    x = y / free
    share: Array = 1 - (1 - x) ** 1.45
    return share


def _coffin(y: Array, free: float) -> Array:
    x = y / free
    tip = 0.47 + 0.12 * max(0.0, 1 - free / 2)
    return tip + (1 - tip) * (1 - (1 - x) ** 1.35) - _corners(y, min(0.08, 0.2 * free))


_PROFILES = {
    NailShape.SQUARE: _square,
    NailShape.SQUOVAL: _squoval,
    NailShape.ROUND: _round,
    NailShape.OVAL: _oval,
    NailShape.ALMOND: _almond,
    NailShape.STILETTO: _stiletto,
    NailShape.COFFIN: _coffin,
}
