"""The picture of any design: which medium shows it, and what is laid on it."""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from lab.catalog.tips.lock import lock
from lab.catalog.tips.nail import Plate
from lab.catalog.tips.powder import pans, swept
from lab.catalog.tips.strokes import brow, lashes, liner
from lab.catalog.tips.surface import painted
from looks.layer import Base, Brows, Cheeks, Eyes, Hair, Lips, NailArt, NailPolish
from looks.material import Material
from models.render.nails.art.accent import worn
from models.render.nails.art.paint import paint
from models.render.nails.surface import surface_of
from models.render.sample.picture import Shown, picture, shown_as
from models.types import Array
from modules.catalog.shelf import Design

SIDE_PX = 288
DRAWN_PX = 360  # before it is cut to what it shows
MOUTH = 0.86  # share of a mouth's picture that shows the lips


def drawn(design: Design) -> Array:
    """(SIDE_PX, SIDE_PX, 3) uint8 sRGB."""
    return cv2.resize(_canvas(design), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)


def _canvas(design: Design) -> Array:
    layer, material, seed = design.layer, design.material, zlib.crc32(design.id.encode()) & 0xFFFF
    match layer:
        case NailPolish() | NailArt():
            plate = Plate(layer.shape, layer.length, DRAWN_PX)
            if shown_as(layer) is Shown.TIP:
                return _middle(picture(layer, 2 * DRAWN_PX), plate.frame)
            light = _polished(plate, layer, material, seed)
            return _middle(plate.finished(light), plate.frame)
        case Lips():
            return _middle(picture(layer, 2 * DRAWN_PX), MOUTH)
        case Base() | Cheeks():
            return swept(layer, material, SIDE_PX, seed)
        case Eyes() if layer.style.startswith("liner"):
            return liner(layer, material, SIDE_PX, seed)
        case Eyes() if layer.style.startswith("lashes"):
            return lashes(layer, SIDE_PX, seed)
        case Eyes():
            return pans(layer, material, SIDE_PX, seed)
        case Brows():
            return brow(layer, SIDE_PX, seed)
        case Hair():
            return lock(layer, material, SIDE_PX, seed)


def _polished(plate: Plate, layer: NailPolish | NailArt, material: Material, seed: int) -> Array:
    """(h, w, 3) linear light of the plate with its polish or art."""
    if isinstance(layer, NailPolish):
        colour = layer.swatch.linear.astype(np.float32)
    else:
        colour = paint(worn(layer, layer.fingers[0]), surface_of(plate.nail)).colour
    return painted(plate.surface, material, colour, layer.coats, seed=seed)


def _middle(canvas: Array, share: float) -> Array:
    """The middle of a square canvas."""
    side = canvas.shape[0]
    margin = int(side * (1 - share) / 2)
    middle: Array = canvas[margin : side - margin, margin : side - margin]
    return middle
