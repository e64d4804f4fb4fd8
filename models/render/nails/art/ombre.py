"""Ombre: colours that fade into each other, mixed in linear light and dithered."""

from __future__ import annotations

import numpy as np

from looks.art import Ombre
from models.render.nails.art.accent import Worn
from models.render.nails.surface import Surface
from models.types import Array

STEPS = 1024
DITHER = 1.0 / 255  # peak to peak, of encoded values: just enough to break an 8-bit step


def ombre(art: Ombre, worn: Worn, surface: Surface) -> Array:
    """(h, w, 3) float32 linear colour."""
    place = np.clip(_place(art.direction_deg, worn.length, surface), 0, 1)
    colours, slope = _ramp(art.stops or tuple(np.linspace(0, 1, len(worn.colours))), worn.colours)
    step = (place * (STEPS - 1) + 0.5).astype(np.int32)
    mixed: Array = colours[step] + slope[step] * (_noise(surface) * DITHER)[..., None]
    return np.maximum(mixed, 0, out=mixed)


def _place(direction_deg: float, length: float, surface: Surface) -> Array:
    """0 where the fade begins, 1 where it ends: the nail's extent in this direction."""
    aspect = surface.length_px / surface.width_px
    right, ahead = np.sin(np.radians(direction_deg)), np.cos(np.radians(direction_deg))
    reach = abs(right) / 2 + abs(ahead) * aspect * length / 2
    along = right * surface.across / 2 + ahead * (surface.along - length / 2) * aspect
    place: Array = 0.5 + along / (2 * reach)
    return place


def _ramp(stops: tuple[float, ...], colours: Array) -> tuple[Array, Array]:
    """(STEPS, 3) colours, eased between stops, and how much linear light one unit of encoded value is there."""
    place = np.linspace(0, 1, STEPS)
    at = np.clip(np.searchsorted(stops, place, side="right") - 1, 0, len(stops) - 2)
    low, high = np.array(stops)[at], np.array(stops)[at + 1]
    share = np.clip((place - low) / (high - low), 0, 1)
    share = (share * share * (3 - 2 * share))[:, None]
    mixed = colours[at] * (1 - share) + colours[at + 1] * share
    return mixed.astype(np.float32), (2.2 * np.maximum(mixed, 1e-3) ** (1.2 / 2.2)).astype(np.float32)


def _noise(surface: Surface) -> Array:
    """(h, w) in [-0.5, 0.5): interleaved gradient noise (Jimenez 2014) of the photo's pixels."""
    box = surface.box
    x, y = np.arange(box.x0, box.x1), np.arange(box.y0, box.y1)[:, None]
    noise: Array = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0)) % 1.0 - 0.5
    return noise.astype(np.float32)
