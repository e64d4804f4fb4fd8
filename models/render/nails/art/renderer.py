"""Draws nail art: every finger in what it wears."""

from __future__ import annotations

from functools import partial

import numpy as np

from looks.art import Gems
from looks.finger import HandName
from looks.layer import NailArt
from looks.renderable import is_renderable
from models.render.light import linear
from models.render.nails.art.accent import worn
from models.render.nails.art.gems import set_stones
from models.render.nails.art.paint import paint
from models.render.nails.polish import paint_nails
from models.render.renderer import Drawn, Part, light_of
from models.types import Array, Nail, Scan


class ArtRenderer:
    """Draws NailArt with the optics of polish."""

    part = Part.NAILS

    def supports(self, layer: NailArt) -> bool:
        return is_renderable(layer)

    def draw(self, canvas: Array, scan: Scan, layer: NailArt) -> Drawn:
        """Paint the named fingers; a nail without a name takes any layer but is no accent nail."""
        nails = [n for n in scan.nails or () if n.finger is None or n.finger in layer.fingers]
        wears = [worn(layer, nail.finger, _hand_of(nail, scan)) for nail in nails]
        bare = [linear(canvas[nail.mask.box.slices]) for nail in nails]
        paint_nails(
            canvas,
            [(n, w.polish, partial(paint, w)) for n, w in zip(nails, wears, strict=True)],
            light_of(scan),
        )
        for nail, wear, ground in zip(nails, wears, bare, strict=True):
            if isinstance(wear.art, Gems):
                set_stones(canvas, nail, wear.art, wear, ground)
        missing = max(0, len({n.hand for n in nails}) * len(layer.fingers) - len(nails))
        return Drawn(len(nails), missing, float(np.mean([n.confidence for n in nails])) if nails else 0.0)


def _hand_of(nail: Nail, scan: Scan) -> HandName | None:
    return None if nail.hand is None or not scan.hands else scan.hands[nail.hand].name
