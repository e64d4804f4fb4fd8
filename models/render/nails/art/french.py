"""French: a band along the free edge whose line smiles, drawn by its signed distance."""

from __future__ import annotations

import numpy as np

from looks.art import French, Side
from models.render.nails.art.accent import Worn
from models.render.nails.art.edge import covered, over
from models.render.nails.surface import Surface
from models.types import Array

DEEPEST = 0.30  # how far the deepest smile falls from the middle to the sides, in nail widths
SQUARE_SHARE = 0.7  # of the fall; the rest grows by the fourth power: a smile turns down at its corners
SOFTEST = 0.15  # half-width of the softest line, in nail widths
BEYOND = 1.15  # the line goes on straight past the nail's sides


def french(art: French, worn: Worn, surface: Surface) -> Array:
    """(h, w, 3) float32 linear colour."""
    distance = _distance(art, worn.length, surface)
    base = np.broadcast_to(worn.base, (*distance.shape, 3))
    colour = over(
        base, worn.colours[art.colour], covered(distance, art.softness * SOFTEST * surface.width_px)
    )
    if art.line:
        half = art.line * surface.width_px / 2
        colour = over(colour, worn.colours[art.line_colour], covered(half - np.abs(distance)))
    return colour


def _distance(art: French, length: float, surface: Surface) -> Array:
    """Signed distance into the band, in pixels."""
    aspect = surface.length_px / surface.width_px
    v = np.clip(surface.across, -BEYOND, BEYOND)
    fall = art.curve * DEEPEST / aspect
    slant = np.tan(np.radians(art.angle_deg)) / (2 * aspect)
    squared = v * v
    bend = fall * squared * (SQUARE_SHARE + (1 - SQUARE_SHARE) * squared)
    steep = fall * v * (2 * SQUARE_SHARE + 4 * (1 - SQUARE_SHARE) * squared)
    if art.side is Side.CUTICLE:
        into, turned = art.width + bend - slant * v - surface.along, steep - slant
    else:
        into, turned = surface.along - (length - art.width - bend - slant * v), steep + slant
    distance: Array = into / np.hypot(1 / surface.length_px, 2 * turned / surface.width_px)
    return distance
