"""Seeded textures: smooth noise, cells, grain. The same numbers make the same picture on every machine."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array


@dataclass(frozen=True, slots=True)
class Cells:
    """Each pixel's cell of a jittered grid. chance, tilt: per pixel, of its cell; edge: 0 at its border to 1 inside."""

    chance: Array
    tilt: Array
    edge: Array


def smooth(shape: tuple[int, ...], scale_px: float, seed: int) -> Array:
    """(h, w) noise with features of this size, mean 0, deviation 1."""
    height, width = (max(2, int(np.ceil(side / scale_px)) + 3) for side in shape)
    coarse = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    grown = cv2.resize(
        coarse, (int(width * scale_px) + 2, int(height * scale_px) + 2), interpolation=cv2.INTER_CUBIC
    )
    found: Array = grown[: shape[0], : shape[1]]
    return found / max(float(found.std()), 1e-6)


def cells(x: Array, y: Array, size: float, seed: int) -> Cells:
    """Voronoi cells of this size over coordinates x, y. tilt: (h, w, 2) normally distributed."""
    rng = np.random.default_rng(seed)
    column, row = np.floor(x / size).astype(int), np.floor(y / size).astype(int)
    column0, row0 = column.min() - 1, row.min() - 1
    grid = (row.max() - row0 + 2, column.max() - column0 + 2)
    jitter, chances, tilts = rng.random((*grid, 2)), rng.random(grid), rng.normal(size=(*grid, 2))
    nearest = np.full(x.shape, np.inf)
    second = np.full(x.shape, np.inf)
    chance, tilt = np.zeros(x.shape, np.float32), np.zeros((*x.shape, 2), np.float32)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            r, c = row - row0 + down, column - column0 + right
            middle_x = (column + right + jitter[r, c, 0]) * size
            middle_y = (row + down + jitter[r, c, 1]) * size
            distance = np.hypot(x - middle_x, y - middle_y)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            nearest = np.where(closer, distance, nearest)
            chance[closer], tilt[closer] = chances[r, c][closer], tilts[r, c][closer]
    edge = np.clip((second - nearest) / (0.35 * size), 0, 1)
    return Cells(chance, tilt, edge.astype(np.float32))
