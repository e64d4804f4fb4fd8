"""Single motifs: signed distances on a square from -1 to 1, y upwards; each gives the shares of its inks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from looks.art import Motif
from models.types import Array

Inks = tuple[Array, ...]
SOFT = 0.012  # half-width of an outline, of the square's half side


def inside(distance: Array, soft: float = SOFT) -> Array:
    """Share of ink from a signed distance."""
    share: Array = np.clip(0.5 + distance / (2 * soft), 0, 1)
    return share


def daisy(x: Array, y: Array) -> Inks:
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    ripple = np.abs(np.cos(4.5 * (angle - np.pi / 2)))
    petals = inside(0.30 + 0.62 * ripple**0.55 - radius)
    fold = (
        0.22
        * inside(0.02 - np.abs(np.sin(4.5 * (angle - np.pi / 2))) * 0.35, 0.08)
        * inside(radius - 0.3, 0.1)
    )
    return petals * (1 - fold), inside(0.24 - radius)


def star(x: Array, y: Array) -> Inks:
    radius, half = np.hypot(x, y), np.pi / 5
    turn = (np.arctan2(y, x) - np.pi / 2 + half) % (2 * half) - half
    along = np.abs(turn) / half
    return (inside(1 / ((1 - along) / 0.95 + along / 0.40) - radius),)


def fern(x: Array, y: Array) -> Inks:
    """A stem with leaflets that grow shorter towards its tip."""
    ink = inside(0.026 - np.abs(x - 0.06 * np.sin(2.5 * y))) * inside(0.93 - np.abs(y))
    for place in np.linspace(-0.72, 0.86, 9):
        long = 0.46 * (1 - (place + 0.8) / 2.1) + 0.05
        for sign in (-1, 1):
            right, ahead = (x - 0.06 * np.sin(2.5 * place)) * sign, y - place
            along, away = (
                right * np.cos(0.72) + ahead * np.sin(0.72),
                ahead * np.cos(0.72) - right * np.sin(0.72),
            )
            t = np.clip(along / long, 0, 1)
            leaf = 0.17 * long * np.sin(np.pi * t**0.75) - np.abs(away)
            ink = np.maximum(ink, inside(np.where((along > 0) & (along < long), leaf, -1)))
    return (ink,)


def heart(x: Array, y: Array) -> Inks:
    """Two halves of circles over a point (the exact distance of a unit heart)."""
    right, up = np.abs(x) / 1.45, (y + 0.82) / 1.45
    lobe = np.hypot(right - 0.25, up - 0.75) - np.sqrt(2) / 4
    half = 0.5 * np.maximum(right + up, 0)
    below = np.sqrt(np.minimum(right**2 + (up - 1) ** 2, (right - half) ** 2 + (up - half) ** 2))
    distance = np.where(right + up > 1, lobe, below * np.sign(right - up))
    return (inside(-distance),)


def moon(x: Array, y: Array) -> Inks:
    crescent = inside(np.minimum(0.88 - np.hypot(x, y), np.hypot(x - 0.42, y - 0.14) - 0.72))
    spark = inside(0.055 - np.sqrt(np.abs(x - 0.42) * np.abs(y - 0.18)) + 0.0 * x) * inside(
        0.34 - np.abs(x - 0.42) - np.abs(y - 0.18), 0.03
    )
    return crescent, spark


MOTIFS: dict[str, Callable[[Array, Array], Inks]] = {
    Motif.DAISY: daisy,
    Motif.STAR: star,
    Motif.FERN: fern,
    Motif.HEART: heart,
    Motif.MOON: moon,
}
