"""A lock of hair: strands along a wave, their gloss in bands across them, colours as the style lays them."""

from __future__ import annotations

import numpy as np

from lab.catalog.tips.noise import smooth
from looks.layer import Hair
from looks.material import Material
from models.render.light import encoded
from models.render.sample.studio import LARGER, place, step, table
from models.types import Array

HALF_WIDTH = 0.50
BANDS = (0.24, 0.66)  # where along the lock its waves turn to the light


def lock(layer: Hair, material: Material, side: int, seed: int) -> Array:
    """A lock that hangs from the picture's top to near its bottom."""
    size = side * LARGER
    x, y = place(size)
    along = (y + 1) / 1.86
    sway = 0.11 * np.sin(2 * np.pi * (along * 1.05 - 0.12)) * (0.35 + along)
    width = HALF_WIDTH * (0.94 + 0.10 * np.sin(2 * np.pi * (along * 1.05 + 0.2))) * _taper(along)
    across = (x - sway) / np.maximum(width, 1e-3)
    strand = _strands(across, along, seed, 56)
    fine = _strands(across, along, seed + 1, 110)
    clump = _strands(across, along, seed + 2, 15)
    fray = 0.10 * clump + 0.05 * strand
    inside = np.minimum(
        1 - np.abs(across) + 0.05 * strand * step(along - 0.3, 0.4), (0.97 - along + fray) * 6
    )
    cover = step(inside * HALF_WIDTH, 0.010).astype(np.float32)
    colour = _coloured(layer, across, along, strand, clump)
    round_off = np.sqrt(np.clip(1 - (0.94 * across) ** 2, 0.04, 1))
    body = 0.62 + 0.42 * round_off + 0.11 * clump + 0.14 * strand + 0.07 * fine
    light = colour * np.clip(body / 1.02, 0.12, 2)[..., None]
    gloss = _gloss(across, along, strand, fine, material)
    light = light + gloss[..., None] * (0.16 + 0.84 * np.sqrt(colour))
    paper = table(cover)
    return encoded(paper + (light - paper) * cover[..., None])


def _taper(along: Array) -> Array:
    """Narrower at the root and towards the ends."""
    found: Array = (0.86 + 0.14 * step(along - 0.12, 0.2)) * (
        1 - 0.62 * np.clip((along - 0.52) / 0.5, 0, 1) ** 1.7
    )
    return found


def _strands(across: Array, along: Array, seed: int, count: int) -> Array:
    """(h, w) one value for each strand, mean 0; neighbours cross a little on their way down."""
    line = smooth((1, count * 4), 2.2, seed)[0]
    drift = 0.035 * np.sin(2.2 * along + 7 * across) + 0.02 * np.sin(9 * along - 3 * across)
    places = np.clip((across + drift + 1.6) / 3.2, 0, 1) * (len(line) - 1)
    found: Array = np.interp(places, np.arange(len(line)), line).astype(np.float32)
    return np.clip(found, -2, 2)


def _gloss(across: Array, along: Array, strand: Array, fine: Array, material: Material) -> Array:
    """(h, w) highlights: bands across the strands, ragged because no two strands lie alike (Marschner 2003, R)."""
    wave = along + 0.05 * across**2 + 0.028 * strand + 0.016 * fine
    width = 0.050 + 0.10 * material.roughness
    bands = sum(
        strength * np.exp(-(((wave - place) / width) ** 2))
        for place, strength in zip(BANDS, (1.0, 0.8), strict=True)
    )
    side = np.exp(-(((across + 0.22) / 0.62) ** 2))
    found: Array = np.asarray(0.26 * bands * side * np.clip(0.75 + 0.40 * fine + 0.25 * strand, 0.05, 2))
    return found


def _coloured(layer: Hair, across: Array, along: Array, strand: Array, clump: Array) -> Array:
    """(h, w, 3) linear colour: roots and ends, base and lightened parts, or shadow and lengths."""
    colours = [swatch.linear.astype(np.float32) for swatch in layer.colours]
    ragged = 0.07 * clump + 0.05 * strand
    match layer.style:
        case "ombre":
            share = step(along - 0.46 + ragged, 0.24)
        case "root_shadow":
            share = step(along - 0.24 + ragged, 0.13)
        case "balayage":
            painted = step(along - 0.42 + 0.30 * clump, 0.28)
            share = painted * np.clip(0.62 + 0.45 * clump + 0.2 * strand, 0, 1)
        case "highlights":
            share = step(0.75 * strand + 0.25 * clump - 0.35, 0.30) * step(along - 0.06, 0.08)
        case "money_piece":
            share = step(-across - 0.30 + 0.12 * clump, 0.16) * step(along - 0.05, 0.08)
        case _:
            share = np.zeros_like(along)
    last = colours[-1] if len(colours) > 1 else colours[0]
    mixed: Array = colours[0] + (last - colours[0]) * share[..., None]
    return mixed
