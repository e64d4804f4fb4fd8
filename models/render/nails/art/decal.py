"""Motifs and a salon's own pictures, printed onto the nail by its UV, with their own soft edges."""

from __future__ import annotations

import cv2
import numpy as np

from looks.art import Decal, Picture, Print
from models.render.nails.art.accent import Worn
from models.render.nails.art.edge import over
from models.render.nails.art.motifs import at_size
from models.render.nails.art.picture import print_of
from models.render.nails.art.places import Spot, on_skin, scattered
from models.render.nails.surface import Surface
from models.types import Array

REACH = 0.75  # half of a square's diagonal and a little


def decal(art: Decal, worn: Worn, surface: Surface) -> Array:
    """(h, w, 3) float32 linear colour."""
    x, y = on_skin(surface)
    colour = np.tile(worn.base, (*x.shape, 1))
    plates = at_size(art.motif, round(art.scale * surface.width_px))
    for spot in _spots(art, worn, surface):
        part = _reached(x, y, spot, art)
        inks = _printed(plates, x[part], y[part], spot, art)
        for number in range(plates.shape[2]):
            ink = worn.inks[min(number, len(worn.inks) - 1)]
            colour[part] = over(colour[part], ink, inks[..., number])
    return colour


def picture(art: Picture, worn: Worn, surface: Surface) -> Array:
    """(h, w, 3) float32 linear colour."""
    x, y = on_skin(surface)
    colour = np.tile(worn.base, (*x.shape, 1))
    printed = print_of(art.image, round(art.scale * surface.width_px))
    for spot in _spots(art, worn, surface):
        part = _reached(x, y, spot, art)
        paint = _printed(printed, x[part], y[part], spot, art)
        colour[part] = colour[part] * (1 - paint[..., 3:]) + paint[..., :3]
    return colour


def _reached(x: Array, y: Array, spot: Spot, art: Print) -> tuple[slice, slice]:
    """The part of the nail's box that a print may touch."""
    if art.tile:
        return slice(None), slice(None)
    near = np.maximum(np.abs(x - spot[0]), np.abs(y - spot[1])) < REACH * art.scale
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _spots(art: Print, worn: Worn, surface: Surface) -> list[Spot]:
    aspect = surface.length_px / surface.width_px
    x, y, turn = art.x - 0.5, art.y * aspect, float(np.radians(art.angle_deg))
    if art.tile:  # every finger shows another part of the pattern
        shift = np.random.default_rng((art.seed, worn.seed)).uniform(-1, 1, 2) * art.scale
        return [(x + float(shift[0]), y + float(shift[1]), turn)]
    if art.count == 1:
        return [(x, y, turn)]
    spots = scattered((x, y), aspect, art.count, art.scale, art.seed * 16 + worn.seed)
    return [(sx, sy, turn + lean) for sx, sy, lean in spots]


def _printed(plates: Array, x: Array, y: Array, spot: Spot, art: Print) -> Array:
    """(h, w, n) share of each ink, or a picture's paint."""
    if not x.size:
        return np.zeros((*x.shape, plates.shape[2]), np.float32)
    cos, sin = np.float32(np.cos(spot[2])), np.float32(np.sin(spot[2]))
    right, ahead = x - np.float32(spot[0]), y - np.float32(spot[1])
    side = len(plates)
    pixels = np.float32(side / art.scale)
    column = (right * cos - ahead * sin) * pixels + np.float32(side / 2 - 0.5)
    row = np.float32(side / 2 - 0.5) - (right * sin + ahead * cos) * pixels
    border = cv2.BORDER_WRAP if art.tile else cv2.BORDER_CONSTANT
    inks: Array = cv2.remap(plates, column, row, cv2.INTER_LINEAR, borderMode=border)
    return inks.reshape(*x.shape, plates.shape[2])
