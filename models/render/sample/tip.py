"""A bare nail tip on paper, modelled as a curved plate, and its nail as the renderers know it.

The tip's outline is the design's own shape and length, so that the same renderer which paints natural nails on
photos paints it here: the plate is natural, only longer and cut otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from looks.shape import NailShape
from models.render.sample.studio import LARGER, exposed, lit, place, step, table
from models.types import Array, Box, Mask, Nail

TILT_DEG = 9.0
WIDTH, LENGTH = 0.78, 1.20  # of a tip of natural length, in halves of the picture's side
LONGEST = 1.70  # longer tips are shown smaller
ARCH_DEG, BOW_DEG = 60.0, 20.0  # how far the plate turns away at its sides, and from cuticle to edge
PLATE = np.array((0.74, 0.585, 0.50), np.float32)  # linear light, a natural tone
CUTICLE_SHARE = 0.40  # of the width: how far the rounding at the cuticle reaches


@dataclass(frozen=True, slots=True)
class End:
    """A free edge. zone: share of the width over which it narrows; power: 2 is round, more is squarer; taper: how
    much narrower the sides have become there.
    """

    zone: float
    power: float
    taper: float = 0.04


ENDS = {
    NailShape.NATURAL: End(0.42, 2.3),
    NailShape.SQUARE: End(0.10, 2.6),
    NailShape.SQUOVAL: End(0.22, 2.4),
    NailShape.ROUND: End(0.56, 2.0),
    NailShape.OVAL: End(0.80, 2.0, 0.08),
    NailShape.ALMOND: End(1.25, 1.72, 0.14),
    NailShape.STILETTO: End(1.75, 1.28, 0.20),
    NailShape.COFFIN: End(0.09, 2.6, 0.46),
}


@dataclass(frozen=True, slots=True)
class Tip:
    """A bare tip. rgb: (h, w, 3) uint8; alpha: (h, w) uint8, what it covers; nail: its plate."""

    rgb: Array
    alpha: Array
    nail: Nail


@lru_cache(maxsize=16)
def bare_tip(shape: NailShape, length: float, side: int) -> Tip:
    """The tip of this shape, `length` times a natural nail, on a square of LARGER × side pixels."""
    size = side * LARGER
    x, y = place(size)
    turn = np.deg2rad(TILT_DEG)
    x, y = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    long = LENGTH * length
    scale = min(1.0, LONGEST / long)
    half, long = WIDTH / 2 * scale, long * scale
    v, u = x / half, 0.5 - y / long  # across -1 to 1; along 0 at the cuticle, 1 at the free edge, which is up
    inside = (_half_width(u, long / (2 * half), ENDS[shape]) - np.abs(v)) * half
    alpha = np.clip(0.5 + inside * size / 2, 0, 1) * ((u > 0) & (u < 1))
    light = _plate(v, u, turn)
    scene = table(alpha.astype(np.float32))
    scene += (light - scene) * alpha[..., None]
    cover = np.round(alpha * 255).astype(np.uint8)
    return Tip(exposed(scene), cover, _nail(cover, turn, half, long, size))


def _half_width(u: Array, aspect: float, end: End) -> Array:
    """Half the outline's width at each u, 1 at its widest; aspect: length over width."""
    near = np.clip(1 - u * aspect / CUTICLE_SHARE, 0, 1)
    far = np.clip(1 - (1 - u) * aspect / end.zone, 0, 1)
    sides = (
        0.93
        + 0.07 * np.sin(np.pi * np.clip(u * 1.15, 0, 1))
        - end.taper * (np.clip(u - 0.2, 0, 1) / 0.8) ** 1.6
    )
    width: Array = sides * (1 - near**2.1) ** (1 / 2.1) * (1 - far**end.power) ** (1 / end.power)
    return width


def _plate(v: Array, u: Array, turn: float) -> Array:
    """(h, w, 3) linear light of the unpainted plate: shaded, with the reflection of a long soft box."""
    arch, bow = np.deg2rad(ARCH_DEG) * np.clip(v, -1, 1), np.deg2rad(BOW_DEG) * (0.45 - u)
    side, up = np.sin(arch), np.sin(bow)
    towards = np.cos(arch) * np.cos(bow)
    normal = np.stack(
        (np.cos(turn) * side - np.sin(turn) * up, np.sin(turn) * side + np.cos(turn) * up, towards), axis=-1
    )
    diffuse = lit(normal / np.linalg.norm(normal, axis=-1, keepdims=True))
    warm = PLATE * (1 - 0.10 * step(0.25 - u, 0.3)[..., None] * np.array((0.2, 1, 1), np.float32))
    box = step(0.13 - np.abs(v + 0.46 - 0.05 * u), 0.055) * step(u - 0.17, 0.10) * step(0.84 - u, 0.13)
    glint = step(0.035 - np.abs(v - 0.76), 0.05) * step(u - 0.25, 0.18) * step(0.74 - u, 0.2)
    light: Array = warm * diffuse[..., None] + (0.55 * box + 0.16 * glint)[..., None]
    return light


def _nail(cover: Array, turn: float, half: float, long: float, size: int) -> Nail:
    """The plate as a scan would have found it."""
    rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    up = np.array((np.sin(turn), -np.cos(turn)), np.float32) * long / 2 * size / 2
    axis = np.stack((size / 2 - up, size / 2 + up)).astype(np.float32)
    return Nail(Mask(cover[box.slices].copy(), box), axis, half * size, 1.0)
