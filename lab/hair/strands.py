# mypy: disable-error-code="no-any-return"
"""Made hair: tiles of straight, wavy, curly, kinky, braided and locked hair, and colours for it."""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array

Rng = np.random.Generator
TILE = 256

COLOURS = np.array(
    [
        (24, 21, 21), (38, 30, 27), (58, 40, 31), (82, 56, 40), (108, 76, 52), (138, 101, 70), (168, 133, 94),
        (204, 170, 122), (230, 212, 178), (112, 46, 30), (158, 72, 38), (190, 102, 52), (120, 120, 120),
        (170, 170, 168), (222, 222, 222),
    ],
    np.float32,
)  # fmt: skip
OFTEN = np.array([4, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1.2, 1.2, 1.2]) / 29.6


def colour(rng: Rng) -> Array:
    """(3,) float32 sRGB, 0 to 255: natural, grey, or, one time in eight, any hue."""
    if rng.random() < 0.125:
        hsv = np.array([[[rng.integers(0, 180), rng.integers(90, 230), rng.integers(70, 240)]]], np.uint8)
        out: Array = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
        return out
    picked: Array = COLOURS[int(rng.choice(len(COLOURS), p=OFTEN))]
    return np.clip(picked * np.exp(rng.normal(0, 0.15)) + rng.normal(0, 5, 3), 3, 250).astype(np.float32)


def tiles(count: int, rng: Rng) -> Array:
    """(count, 256, 256) uint8: light and shade on hair that falls downwards; 128 is its own colour."""
    makers = (_straight, _straight, _wavy, _curly, _kinky, _braids, _locks)
    out = np.empty((count, TILE, TILE), np.uint8)
    for i in range(count):
        tile = makers[i % len(makers)](rng)
        tile = (tile - tile.mean()) / (tile.std() + 1e-6)
        out[i] = np.clip(128 * np.exp(rng.uniform(0.18, 0.5) * tile), 0, 255)
    return out


def _noise(rng: Rng, across: float, along: float) -> Array:
    """Noise with unit deviation, smooth over this many pixels to the side and downwards; it wraps around."""
    white = rng.standard_normal((TILE, TILE)).astype(np.float32)
    u = np.fft.rfftfreq(TILE)[None, :] * across
    v = np.fft.fftfreq(TILE)[:, None] * along
    out: Array = np.fft.irfft2(np.fft.rfft2(white) * np.exp(-20 * (u**2 + v**2)), (TILE, TILE))
    return (out / (out.std() + 1e-6)).astype(np.float32)


def _straight(rng: Rng) -> Array:
    return _noise(rng, rng.uniform(0.5, 1.2), rng.uniform(30, 90)) + 0.8 * _noise(rng, rng.uniform(2, 6), 60)


def _bent(tile: Array, dx: Array, dy: Array) -> Array:
    y, x = np.mgrid[:TILE, :TILE].astype(np.float32)
    out: Array = cv2.remap(tile, x + dx, y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return out


def _wavy(rng: Rng) -> Array:
    phase = 2 * np.pi * np.arange(TILE, dtype=np.float32)[:, None] / TILE * rng.integers(2, 7)
    swing = rng.uniform(4, 12) * np.sin(phase + 1.2 * _noise(rng, 25, 40))
    still = np.zeros((TILE, TILE), np.float32)
    return _bent(_straight(rng), swing.astype(np.float32), still) + 0.5 * np.cos(phase)


def _curly(rng: Rng) -> Array:
    size = rng.uniform(5, 14)
    reach = rng.uniform(10, 22)
    base = _bent(_straight(rng), reach * _noise(rng, size, size), reach * _noise(rng, size, size))
    return base + 0.7 * _noise(rng, size / 1.5, size / 1.5)


def _kinky(rng: Rng) -> Array:
    size = rng.uniform(1.2, 4)
    folds = 0.6 * _noise(rng, 3 * size, 3 * size) - 1.2 * np.abs(_noise(rng, size, size))
    return folds + 0.4 * _noise(rng, 0.5, 0.5)


def _braids(rng: Rng) -> Array:
    """Columns of two strands that cross."""
    count = int(rng.integers(4, 14))
    y, x = np.mgrid[:TILE, :TILE].astype(np.float32) / TILE
    x = x + 0.01 * _noise(rng, 12, 40)
    inside = (x * count) % 1 - 0.5
    steps = round(count * rng.uniform(1.0, 2.2))
    slope = np.abs(inside) * rng.uniform(0.8, 1.6)
    plait = np.cos(2 * np.pi * (y * steps + slope + 0.5 * (inside > 0)))
    return np.cos(np.pi * inside) * 2.2 + 0.9 * plait + 0.35 * _noise(rng, 0.6, 3)


def _locks(rng: Rng) -> Array:
    """Columns of felted hair."""
    count = int(rng.integers(6, 20))
    x = np.mgrid[:TILE, :TILE][1].astype(np.float32) / TILE + 0.012 * _noise(rng, 10, 30)
    inside = (x * count) % 1 - 0.5
    return np.cos(np.pi * inside) * 2.4 + 0.6 * _noise(rng, 1.5, 3) + 0.4 * _noise(rng, 4, 30)
