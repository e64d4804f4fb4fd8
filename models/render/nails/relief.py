"""The bumps of a textured lacquer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from looks.material import Material
from models.render.nails.surface import Surface
from models.types import Array

SIDE_PX, BUMP_PX = 384, 12
SEED = 31
NYQUIST = 2.2  # pixels to a bump, below which they fade


@dataclass(frozen=True, slots=True)
class Bumps:
    """(h, w) float32 each. height: mean 0, deviation about 1; across, along: slopes that the bumps add."""

    height: Array
    across: Array
    along: Array


def bumps(surface: Surface, material: Material, seed: int) -> Bumps:
    """The relief of one nail; the seed moves it. Bumps too small for the photo's pixels fade into its mean."""
    scale_um = max(material.relief_scale_um, 50.0)
    seen_px = scale_um / surface.pixel_um
    fade = min(1.0, (seen_px / NYQUIST) ** 2)
    if seen_px < NYQUIST:
        scale_um = NYQUIST * surface.pixel_um
    across, along = surface.micrometres
    scale = np.float32(BUMP_PX / scale_um)
    move = np.random.default_rng(seed).random(2).astype(np.float32) * SIDE_PX
    found = cv2.remap(
        _tile(),
        (across * scale + move[0]) % SIDE_PX,
        (along * scale + move[1]) % SIDE_PX,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    height, right, down = cv2.split(found)
    steep = np.float32(material.relief_um / scale_um * BUMP_PX * 0.5 * fade)
    return Bumps(height * np.float32(fade), -right * steep, -down * steep)


@lru_cache(maxsize=1)
def _tile() -> Array:
    """(SIDE_PX, SIDE_PX, 3) float32 that repeats: height and its differences to the right and down."""
    noise = np.random.default_rng(SEED).normal(size=(SIDE_PX, SIDE_PX)).astype(np.float32)
    wrapped = np.pad(noise, 4 * BUMP_PX, mode="wrap")
    smooth = cv2.GaussianBlur(wrapped, (0, 0), BUMP_PX * 0.30)
    inside = slice(4 * BUMP_PX, -4 * BUMP_PX)
    smooth = smooth / smooth[inside, inside].std()
    smooth = np.tanh(smooth * 0.9)  # grains with flat tops, as sand under lacquer
    down, right = np.gradient(smooth)
    tile: Array = np.stack([smooth, right, down], axis=-1)[inside, inside].astype(np.float32)
    return np.ascontiguousarray(tile)
