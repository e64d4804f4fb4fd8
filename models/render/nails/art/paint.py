"""The paint of one nail with art on it."""

from __future__ import annotations

import numpy as np

from looks.art import Decal, French, Ombre, Picture
from models.render.nails.art.accent import Worn
from models.render.nails.art.decal import decal, picture
from models.render.nails.art.french import french
from models.render.nails.art.ombre import ombre
from models.render.nails.pigment import Pigment, pigment
from models.render.nails.surface import Surface


def paint(worn: Worn, surface: Surface) -> Pigment:
    """Colour and share of paint; stones lie on the plain polish."""
    match worn.art:
        case French():
            colour = french(worn.art, worn, surface)
        case Ombre():
            colour = ombre(worn.art, worn, surface)
        case Decal():
            colour = decal(worn.art, worn, surface)
        case Picture():
            colour = picture(worn.art, worn, surface)
        case _:
            return pigment(worn.polish, surface)
    return Pigment(colour, np.ones(colour.shape[:2], np.float32))
