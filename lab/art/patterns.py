"""Patterns without a seam: on a square from 0 to 1 that repeats in both directions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lab.art.motifs import Inks, inside
from looks.art import Motif
from models.types import Array


def periodic_noise(shape: tuple[int, ...], waves: float, seed: int) -> Array:
    """Smooth noise that repeats: a normal field with about this many waves a side, deviation 1."""
    rng = np.random.default_rng(seed)
    down, right = np.fft.fftfreq(shape[0]) * shape[0], np.fft.rfftfreq(shape[1]) * shape[1]
    strength = np.exp(-((np.hypot(down[:, None], right) / waves) ** 2))
    spectrum = np.zeros((shape[0], shape[1] // 2 + 1), complex)
    low = int(waves * 3) + 1  # waves beyond are as good as nothing: the same field at every size
    for row in (*range(low), *range(-low, 0)):
        spectrum[row, :low] = rng.standard_normal(low) + 1j * rng.standard_normal(low)
    field = np.fft.irfft2(spectrum * strength, s=shape)
    unit: Array = ((field - field.mean()) / field.std()).astype(np.float32)
    return unit


def dots(x: Array, y: Array) -> Inks:
    first = np.hypot((x - 0.25 + 0.5) % 1 - 0.5, (y - 0.25 + 0.5) % 1 - 0.5)
    second = np.hypot((x - 0.75 + 0.5) % 1 - 0.5, (y - 0.75 + 0.5) % 1 - 0.5)
    return (inside(0.13 - np.minimum(first, second), 0.004),)


def stripes(x: Array, _y: Array) -> Inks:
    broad = inside(0.17 - np.abs(x - 0.3), 0.003)
    return broad, inside(0.022 - np.abs((x + 0.5) % 1 - 0.3), 0.003)


def marble(x: Array, _y: Array) -> Inks:
    """Veins where two noises are equal, with a haze beside them; a few thin ones in the second ink."""
    warp = 0.55 * periodic_noise(x.shape, 4.0, 5) + 0.16 * periodic_noise(x.shape, 11.0, 6)
    field = periodic_noise(x.shape, 1.7, 7) + 0.45 * warp
    width = 0.035 + 0.05 * np.clip(periodic_noise(x.shape, 3.0, 8), 0, 2)
    strong = np.clip(0.65 + 0.35 * periodic_noise(x.shape, 2.5, 9), 0.1, 1)
    vein = np.exp(-((field / width) ** 2)) * strong
    haze = 0.30 * np.exp(-np.abs(field) / 0.38) * np.clip(0.5 + 0.5 * periodic_noise(x.shape, 2.0, 10), 0, 1)
    fine = periodic_noise(x.shape, 2.3, 21) + 0.5 * warp
    thin = np.exp(-((fine / 0.022) ** 2)) * np.clip(periodic_noise(x.shape, 2.0, 12), 0, 1)
    return np.clip(vein + haze, 0, 1), thin


def leopard(x: Array, y: Array) -> Inks:
    """Rosettes: a broken ring about a spot, on a jittered grid."""
    rng = np.random.default_rng(4)
    across = 5
    ring, spot = np.zeros_like(x), np.zeros_like(x)
    wobble = 0.007 * periodic_noise(x.shape, 11.0, 3)
    for row in range(across):
        for column in range(across):
            at_x = (column + 0.31 * row + 0.5 + rng.uniform(-0.2, 0.2)) / across
            at_y = (row + 0.5 + rng.uniform(-0.2, 0.2)) / across
            dx, dy = (x - at_x + 0.5) % 1 - 0.5, (y - at_y + 0.5) % 1 - 0.5
            turn, flat = rng.uniform(0, np.pi), rng.uniform(0.72, 0.95)
            along, away = (
                dx * np.cos(turn) + dy * np.sin(turn),
                (dy * np.cos(turn) - dx * np.sin(turn)) / flat,
            )
            radius, angle = np.hypot(along, away) + wobble, np.arctan2(away, along)
            size = rng.uniform(0.066, 0.082)
            gaps = np.cos(rng.integers(2, 4) * angle + rng.uniform(0, 6.3))
            thick = 0.019 * (0.75 + 0.35 * np.sin(angle + turn)) * inside(gaps + 0.62, 0.25)
            ring = np.maximum(ring, inside(thick - np.abs(radius - size), 0.004) * (thick > 0.002))
            spot = np.maximum(spot, inside(size - radius, 0.006))
    fleck = inside(periodic_noise(x.shape, 14.0, 17) - 2.1, 0.12) * (1 - spot)
    return np.maximum(ring, fleck), spot * (1 - ring)


def geometric(x: Array, y: Array) -> Inks:
    """Triangles between crossing lines."""
    u, v = (x * 2) % 1, (y * 2) % 1
    lines = np.minimum(np.minimum(np.abs(u - v), np.abs(u + v - 1)), np.minimum(np.minimum(u, 1 - u), 1.0))
    upper = inside(np.minimum(v - u, v - (1 - u)), 0.003)
    checked = ((np.floor(x * 2) + np.floor(y * 2)) % 2).astype(np.float32)
    return inside(0.022 - lines, 0.004), upper * checked * (1 - inside(0.022 - lines, 0.004))


PATTERNS: dict[str, Callable[[Array, Array], Inks]] = {
    Motif.DOTS: dots,
    Motif.STRIPES: stripes,
    Motif.MARBLE: marble,
    Motif.LEOPARD: leopard,
    Motif.GEOMETRIC: geometric,
}
