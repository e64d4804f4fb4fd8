"""Stones: their outline and the light that they send to the camera.

Each is drawn in a frame of its own, all n of a nail at once: a, b are (n, h, w) places from -1 to 1, a to the right and
b ahead; lamp is (3, n, 1, 1), the unit vector towards the light in the same frames, third towards the camera.
"""

from __future__ import annotations

import numpy as np

from looks.art import Cut
from models.types import Array

SLIM = 0.52  # width of a marquise over its length
TABLE = 0.52  # flat top of a faceted stone, of its radius
CROWN_DEG = (34.0, 44.0)  # slope of kites and of girdle facets, by turns
PAVILION_DEG = 41.0
SECTORS = 16
RINGS = (0.27, TABLE, 0.80)  # where facets end: two below the table, two of the crown
MIRRORED, SEAM = 0.17, 0.16  # share of the room that a facet mirrors; light on the table's edge


def outline(cut: Cut, a: Array, b: Array) -> Array:
    """Above 0 inside the stone; about the distance to its edge."""
    if cut is Cut.MARQUISE:
        found: Array = (1 - np.abs(a) / SLIM - b * b) * SLIM
        return found
    return 1 - np.hypot(a, b)


def shine(cut: Cut, a: Array, b: Array, lamp: Array, colour: Array, rng: np.random.Generator) -> Array:
    """(n, h, w, 3) float32 linear light of the stones."""
    if cut is Cut.MARQUISE:
        a = a / SLIM
    if cut in (Cut.ROUND, Cut.MARQUISE):
        return _faceted(a, b, lamp, colour, rng)
    return _pearl(a, b, lamp, colour) if cut is Cut.PEARL else _cabochon(a, b, lamp, colour)


def _room(x: Array, y: Array, z: Array, lamp: Array) -> Array:
    """Light from a direction: a bright lamp, a window across from it, a ceiling lighter than the floor."""
    towards = x * lamp[0] + y * lamp[1] + z * lamp[2]
    window = -0.75 * x * lamp[0] - 0.75 * y * lamp[1] + z * lamp[2]
    light: Array = (
        0.16
        + 0.34 * np.clip(0.5 + 0.5 * towards, 0, 1)
        + 2.6 * np.clip((towards - 0.86) / 0.1, 0, 1)
        + 0.9 * np.clip((window - 0.90) / 0.08, 0, 1)
    )
    return light


def _mirrored(slope: Array, azimuth: Array, lamp: Array) -> Array:
    """What a facet of this slope and azimuth shows of the room to a camera straight above."""
    across = np.sin(2 * slope)
    return _room(across * np.cos(azimuth), across * np.sin(azimuth), np.cos(2 * slope), lamp)


def _faceted(a: Array, b: Array, lamp: Array, colour: Array, rng: np.random.Generator) -> Array:
    """A brilliant: table and crown mirror the room, the pavilion below sends it back through the stone's colour."""
    start = rng.uniform(0, 2 * np.pi, (len(a), 1, 1)).astype(np.float32)
    angle, radius = (np.arctan2(b, a) - start) % (2 * np.pi), np.hypot(a, b)
    sector = np.minimum((angle * (SECTORS / (2 * np.pi))).astype(np.int32), SECTORS - 1)
    flat = radius * np.cos(angle % (np.pi / 4) - np.pi / 8)  # to the side of an octagon
    ring = np.digitize(flat, RINGS)
    top, below = _facets(start, lamp, rng)
    rim = np.clip((1 - radius) / 0.14, 0.35, 1)
    one = np.arange(len(a))[:, None, None]
    body = colour * (below[one, ring, sector] * rim)[..., None]
    seam = SEAM * (np.abs(flat - TABLE) < 0.035)
    light: Array = (
        body + (top[one, ring, sector] + seam + 1.5 * _point(a, b, 0.34 * lamp[:2], 0.12))[..., None]
    )
    return light


def _facets(start: Array, lamp: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """(n, rings, sectors) of each facet: what its surface mirrors, and what comes back from below it.

    Each facet below is met twice, which throws its picture to the far side; cutters' angles differ a little.
    """
    azimuth = start + (np.arange(SECTORS) + 0.5) * (2 * np.pi / SECTORS)
    crown = np.radians(np.where(np.arange(SECTORS) % 2 == 0, *CROWN_DEG))
    ring = np.arange(len(RINGS) + 1)[:, None]
    slope = np.where(ring < 2, 0.0, crown * np.where(ring == 2, 1.0, 1.12))
    top = MIRRORED * _mirrored(slope, azimuth, lamp)
    pavilion = np.radians(PAVILION_DEG - 6.0 * np.minimum(ring, 2))
    below = 0.35 + 1.15 * _mirrored(pavilion, azimuth + np.pi, lamp)
    turned = rng.uniform(0.55, 1.45, (len(start), 3, SECTORS))[:, [0, 1, 2, 2]]
    return top.astype(np.float32), (below * turned).astype(np.float32)


def _dome(a: Array, b: Array, height: float) -> tuple[Array, Array, Array]:
    x, y = height * a, height * b
    return x, y, np.sqrt(np.clip(1 - x * x - y * y, 0.02, 1))


def _cabochon(a: Array, b: Array, lamp: Array, colour: Array) -> Array:
    """A polished dome: light enters on the lamp's side and gathers across from it."""
    x, y, z = _dome(a, b, 0.88)
    lit = np.clip(x * lamp[0] + y * lamp[1] + z * lamp[2], 0, 1)
    gathered = np.clip(-(a * lamp[0] + b * lamp[1]) * 1.3 - 0.15, 0, 1) * np.clip(1.1 - np.hypot(a, b), 0, 1)
    seen = _room(2 * z * x, 2 * z * y, 2 * z * z - 1, lamp)
    body = colour * (0.30 + 0.55 * lit + 1.1 * gathered)[..., None]
    light: Array = body + (0.06 * seen + 1.3 * _point(a, b, 0.42 * lamp[:2], 0.13))[..., None]
    return light.astype(np.float32)


def _pearl(a: Array, b: Array, lamp: Array, colour: Array) -> Array:
    """Nacre: soft shading, a broad glow under a small highlight, rose and green towards the rim."""
    x, y, z = _dome(a, b, 0.97)
    lit = np.clip(0.25 + 0.75 * (x * lamp[0] + y * lamp[1] + z * lamp[2]), 0, 1)
    film = np.stack([np.cos(5.2 * z + shift) for shift in (0.0, 2.1, 4.2)], axis=-1)
    body = colour * (0.34 + 0.62 * lit)[..., None] * (1 + 0.07 * (1 - z)[..., None] * film)
    glow = 0.28 * _point(a, b, 0.36 * lamp[:2], 0.42) + 0.95 * _point(a, b, 0.42 * lamp[:2], 0.15)
    light: Array = body + glow[..., None]
    return light.astype(np.float32)


def _point(a: Array, b: Array, at: Array, width: float) -> Array:
    """A specular point."""
    point: Array = np.exp(-((a - at[0]) ** 2 + (b - at[1]) ** 2) / width**2)
    return point
