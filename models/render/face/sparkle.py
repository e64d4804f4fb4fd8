"""Mica on skin: which of it flashes, the same on every run."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from looks.material import Material
from models.types import Array

TILE, SEED = 256, 31
SMALLEST = 1.25  # pixels: finer mica is seen by what many flakes add up to
HEAVY = 1.1  # spread of a flake's flash, in logarithms


def sparkle(x: Array, y: Array, pixel_mm: float, material: Material) -> Array:
    """(h, w) float32 brightness of mica about 1 on average. x, y: places in mm on the skin."""
    flake = max(material.flake_size_um / 1000, 0.01)
    cell = max(flake, SMALLEST * pixel_mm)
    scale = np.float32(1 / cell)
    seen = cv2.remap(
        _tile(), (x * scale) % TILE, (y * scale) % TILE, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    grain = min(1.0, 2.2 * flake / cell) * min(1.0, 0.35 + material.flake_density)
    found: Array = 1 + (seen - 1) * np.float32(grain)
    return found


@lru_cache(maxsize=1)
def _tile() -> Array:
    rng = np.random.default_rng(SEED)
    flash = np.exp(rng.normal(0, HEAVY, (TILE, TILE)))
    tile: Array = np.minimum(flash / flash.mean(), 6).astype(np.float32)
    return tile
