"""Reflecting particles in a lacquer: where they lie and how each is tilted, the same on every run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from looks.material import Material
from models.render.nails.surface import Surface
from models.types import Array

CELLS, FINE = 48, 8  # of the tile's side, and pixels of each
SEED = 20
TILT = 0.5  # slope that a tilt of 1 stands for, standard deviation
FINER = 2  # times the photo's grid on which flakes are drawn
SMALLEST = 1.15  # pixels: smaller flakes are drawn together in cells of this size
GAP = 0.10  # between neighbours, in flakes


@dataclass(frozen=True, slots=True)
class Flakes:
    """Flakes on a grid FINER times the photo's. cover: (H, W) share of flakes; across, along: (H, W) slopes of their
    tilt; grain: 1 where each flake is seen by itself, towards 0 where a cell holds many.
    """

    cover: Array
    across: Array
    along: Array
    grain: float


def scattered(surface: Surface, material: Material, seed: int) -> Flakes:
    """The flakes of one nail; the seed moves them."""
    size = max(material.flake_size_um, 1.0)
    cell = max(size, SMALLEST * surface.pixel_um)
    many = (cell / size) ** 2
    across, along = surface.micrometres
    scale = np.float32(FINE / cell)
    move = np.random.default_rng(seed).random(2).astype(np.float32) * CELLS * FINE
    found = cv2.remap(
        _tile(),
        finer(across * scale + move[0]) % (CELLS * FINE),
        finer(along * scale + move[1]) % (CELLS * FINE),
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_WRAP,
    )
    chance, first, second, inner = cv2.split(found)
    density, grain = material.flake_density, 1 / float(np.sqrt(many))
    there = (chance < density).astype(np.float32)
    if many < 1.5:
        there *= (
            np.clip((inner - GAP / 2) / 0.06, 0, 1)
            if density < 0.9
            else 0.4 + 0.6 * np.clip(inner / 0.08, 0, 1)
        )
    tilt = np.float32(material.flake_tilt * TILT)
    return Flakes(density + (there - density) * grain, first * tilt, second * tilt, grain)


def finer(field: Array) -> Array:
    """A smooth field on the flakes' grid."""
    height, width = field.shape
    grown: Array = cv2.resize(field, (width * FINER, height * FINER), interpolation=cv2.INTER_LINEAR)
    return grown


def coarser(field: Array) -> Array:
    """The mean over each pixel of the photo."""
    height, width = field.shape[:2]
    mean: Array = cv2.resize(field, (width // FINER, height // FINER), interpolation=cv2.INTER_AREA)
    return mean


@lru_cache(maxsize=1)
def _tile() -> Array:
    """(CELLS · FINE)² × 4 float32 that repeats: cells about scattered points, each with chance (0 to 1) and two
    normally distributed tilts, and the distance from its border in cells.
    """
    rng = np.random.default_rng(SEED)
    jitter = 0.5 + 0.86 * (rng.random((CELLS, CELLS, 2)) - 0.5)
    of_cell = np.concatenate(
        [rng.random((CELLS, CELLS, 1)), np.clip(rng.normal(size=(CELLS, CELLS, 2)), -2.4, 2.4)], axis=-1
    )
    y, x = (np.mgrid[: CELLS * FINE, : CELLS * FINE] + 0.5) / FINE
    row, column = y.astype(int), x.astype(int)
    nearest, second = np.full(x.shape, np.inf), np.full(x.shape, np.inf)
    chosen = np.zeros((*x.shape, 3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            r, c = (row + down) % CELLS, (column + right) % CELLS
            away = np.hypot(column + right + jitter[r, c, 0] - x, row + down + jitter[r, c, 1] - y)
            closer = away < nearest
            second = np.where(closer, nearest, np.minimum(second, away))
            nearest = np.where(closer, away, nearest)
            chosen[closer] = of_cell[r, c][closer]
    inner = (second - nearest)[..., None] / 2
    tile: Array = np.concatenate([chosen, inner], axis=-1).astype(np.float32)
    return tile
