"""What the hand lies on: procedural albedo in linear light and a small relief."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from models.types import Array


def noise(shape: tuple[int, int], cell: float | tuple[float, float], rng: np.random.Generator) -> Array:
    """(h, w) smooth noise of unit variance; cell: feature size in pixels, (down, across) or one for both."""
    cy, cx = cell if isinstance(cell, tuple) else (cell, cell)
    rows, cols = shape
    grid = rng.normal(0, 1, (int(rows / cy) + 4, int(cols / cx) + 4)).astype(np.float32)
    size = round(grid.shape[1] * cx), round(grid.shape[0] * cy)
    field = cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC)
    top, left = round(1.5 * cy), round(1.5 * cx)
    return field[top : top + rows, left : left + cols] * np.float32(1.35)


def layers(
    shape: tuple[int, int], cell: float, octaves: int, rng: np.random.Generator, fall: float = 0.5
) -> Array:
    """Fractal sum of noise from `cell` downwards."""
    return sum(fall**k * noise(shape, max(cell / 2**k, 1.0), rng) for k in range(octaves))  # type: ignore[return-value]


Ground = tuple[Array, Array]


def _colour(srgb: tuple[int, int, int]) -> Array:
    return ((np.array(srgb, np.float32) / 255) ** 2.2).astype(np.float32)


def _mix(low: tuple[int, int, int], high: tuple[int, int, int], t: Array) -> Array:
    t = np.clip(t, 0, 1)[..., None]
    mixed: Array = _colour(low) * (1 - t) + _colour(high) * t
    return mixed


def _wood(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    warp = noise(shape, (90 * mm, 14 * mm), rng) + 0.5 * noise(shape, (40 * mm, 6 * mm), rng)
    x = np.arange(shape[1], dtype=np.float32)[None] / mm
    plank = np.floor((x + 17) / 62)
    seam = np.abs((x + 17) % 62 - 31) > 30.6
    rings = np.sin(x * 0.9 + 2.6 * warp + plank * 2.1)
    pores = noise(shape, (11 * mm, 0.35 * mm), rng)
    t = 0.5 + 0.2 * rings + 0.12 * pores + 0.1 * warp + 0.08 * np.sin(plank * 4.7)
    albedo = _mix((104, 68, 42), (196, 152, 108), t)
    albedo *= np.where(seam, 0.35, 1.0)[..., None].astype(np.float32)
    return albedo, 0.03 * pores - 0.3 * seam


def _linen(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / mm
    x = x + 0.25 * noise(shape, 9 * mm, rng)
    y = y + 0.25 * noise(shape, 9 * mm, rng)
    pitch = 2 * np.pi / 1.15
    slub = 0.5 * noise(shape, (14 * mm, 0.6 * mm), rng) + 0.5 * noise(shape, (0.6 * mm, 14 * mm), rng)
    weave = np.sin(x * pitch) * np.sin(y * pitch)
    over = np.abs(np.sin(x * pitch / 2)) * (weave > 0) + np.abs(np.sin(y * pitch / 2)) * (weave <= 0)
    folds = noise(shape, 55 * mm, rng)
    t = 0.55 + 0.18 * (over - 0.6) + 0.12 * slub + 0.04 * folds
    return _mix((150, 138, 120), (232, 222, 204), t), 0.12 * over + 0.07 * slub + 1.6 * folds


def _marble(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    base = layers(shape, 60 * mm, 5, rng)
    warp = layers(shape, 75 * mm, 5, rng)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / mm
    vein = np.abs(np.sin(0.028 * x + 0.02 * y + 1.1 * warp))
    fine = np.abs(np.sin(0.05 * x - 0.04 * y + 1.6 * warp + 0.8 * base))
    faint = np.clip(0.35 + 0.5 * layers(shape, 70 * mm, 2, rng), 0, 1)
    dark = faint * (0.4 * np.exp(-((vein / 0.05) ** 2)) + 0.4 * np.exp(-((vein / 0.35) ** 2))) + 0.09 * base
    dark += 0.16 * (1 - faint) * np.exp(-((fine / 0.12) ** 2))
    return _mix((236, 233, 229), (139, 138, 142), 0.1 + 0.8 * dark), np.zeros(shape, np.float32)


def _studio(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    hues = ((206, 196, 188), (176, 190, 196), (214, 188, 182), (190, 196, 178), (168, 160, 172))
    base = _colour(hues[int(rng.integers(len(hues)))])
    grain = 1 + 0.012 * noise(shape, 0.5 * mm, rng) + 0.02 * noise(shape, 80 * mm, rng)
    return base * grain[..., None], 0.01 * noise(shape, 0.6 * mm, rng)


def _dark(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    grain = noise(shape, (16 * mm, 0.5 * mm), rng)
    warp = noise(shape, (70 * mm, 16 * mm), rng)
    return _mix((30, 27, 26), (66, 56, 50), 0.45 + 0.14 * grain + 0.16 * warp), 0.03 * grain


def _towel(shape: tuple[int, int], mm: float, rng: np.random.Generator) -> Ground:
    loops = noise(shape, 1.25 * mm, rng) + 0.6 * noise(shape, 0.7 * mm, rng)
    folds = layers(shape, 85 * mm, 2, rng)
    hues = (
        ((150, 168, 170), (206, 220, 220)),
        ((176, 154, 150), (232, 212, 206)),
        ((186, 184, 180), (240, 238, 234)),
    )
    low, high = hues[int(rng.integers(len(hues)))]
    return _mix(low, high, 0.68 + 0.14 * loops + 0.04 * folds), 0.2 * loops + 2.2 * folds


GROUNDS: dict[str, Callable[[tuple[int, int], float, np.random.Generator], Ground]] = {
    "wood": _wood,
    "linen": _linen,
    "marble": _marble,
    "studio": _studio,
    "dark": _dark,
    "towel": _towel,
}
