"""Decals: motifs printed onto the nail by its UV, with their own soft edges."""

from __future__ import annotations

import cv2
import numpy as np

from looks.art import Decal
from models.render.nails.art.accent import Worn
from models.render.nails.art.edge import over
from models.render.nails.art.motifs import at_size
from models.render.nails.art.places import Spot, on_skin, scattered
from models.render.nails.surface import Surface
from models.types import Array


def decal(art: Decal, worn: Worn, surface: Surface) -> Array:
    """(h, w, 3) float32 linear colour."""
    x, y = on_skin(surface)
    colour = np.broadcast_to(worn.base, (*x.shape, 3))
    plates = at_size(art.motif, round(art.scale * surface.width_px))
    for spot in _spots(art, worn, surface):
        inks = _printed(plates, x, y, spot, art)
        for number in range(3):
            ink = worn.colours[min(number + 1, len(worn.colours) - 1)]
            colour = over(colour, ink, inks[..., number])
    return np.ascontiguousarray(colour)


def _spots(art: Decal, worn: Worn, surface: Surface) -> list[Spot]:
    aspect = surface.length_px / surface.width_px
    x, y, turn = art.x - 0.5, art.y * aspect, float(np.radians(art.angle_deg))
    if art.tile:  # every finger shows another part of the pattern
        shift = np.random.default_rng((art.seed, worn.seed)).uniform(-1, 1, 2) * art.scale
        return [(x + float(shift[0]), y + float(shift[1]), turn)]
    if art.count == 1:
        return [(x, y, turn)]
    spots = scattered((x, y), aspect, art.count, art.scale, art.seed * 16 + worn.seed)
    return [(sx, sy, turn + lean) for sx, sy, lean in spots]


def _printed(plates: Array, x: Array, y: Array, spot: Spot, art: Decal) -> Array:
    """(h, w, 3) share of each ink."""
    cos, sin = np.float32(np.cos(spot[2])), np.float32(np.sin(spot[2]))
    right, ahead = x - np.float32(spot[0]), y - np.float32(spot[1])
    side = len(plates)
    pixels = np.float32(side / art.scale)
    column = (right * cos - ahead * sin) * pixels + np.float32(side / 2 - 0.5)
    row = np.float32(side / 2 - 0.5) - (right * sin + ahead * cos) * pixels
    border = cv2.BORDER_WRAP if art.tile else cv2.BORDER_CONSTANT
    inks: Array = cv2.remap(plates, column, row, cv2.INTER_LINEAR, borderMode=border)
    return inks
