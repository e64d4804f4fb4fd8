"""What colour the paint is where, before any light falls on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.layer import NailPolish
from models.render.nails.surface import Surface
from models.types import Array


@dataclass(frozen=True, slots=True)
class Pigment:
    """colour: (h, w, 3) float32 linear reflectance; share: (h, w) float32, where there is paint at all."""

    colour: Array
    share: Array


def pigment(layer: NailPolish, surface: Surface) -> Pigment:
    """The paint of one nail."""
    shape = surface.box.shape
    colour = np.broadcast_to(layer.swatch.linear.astype(np.float32), (*shape, 3))
    return Pigment(np.ascontiguousarray(colour), np.ones(shape, np.float32))
