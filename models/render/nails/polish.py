"""Nail polish: each layer's material on each nail that it is meant for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from looks.layer import NailPolish
from looks.material import MATERIALS, material_of
from models.render.light import lay, linear
from models.render.nails.key import key_light
from models.render.nails.paint import painted, seed_of
from models.render.nails.pigment import Pigment, pigment
from models.render.nails.surface import Surface, surface_of
from models.render.renderer import Drawn, Part, light_of
from models.render.shading import Shading, take_apart
from models.types import Array, Nail, Scan

Paint = Callable[[Surface], Pigment]


@dataclass(frozen=True, slots=True)
class Bare:
    """A nail as a white light would show it. ground: (h, w, 3) linear light of its box."""

    nail: Nail
    ground: Array
    surface: Surface
    shading: Shading

    @classmethod
    def of(cls, canvas: Array, nail: Nail, light: Array | float) -> Bare:
        """The nail in this picture, whose light has these gains."""
        ground = linear(canvas[nail.mask.box.slices]) / light
        return cls(nail, ground, surface_of(nail), take_apart(ground, nail))


class PolishRenderer:
    """Draws NailPolish on the nails of a scan, whose shapes `wear` has made."""

    part = Part.NAILS

    def supports(self, layer: NailPolish) -> bool:
        return layer.finish in MATERIALS

    def draw(self, canvas: Array, scan: Scan, layer: NailPolish) -> Drawn:
        """Paint the named fingers; a nail without a name takes any layer."""
        nails = [n for n in scan.nails or () if n.finger is None or n.finger in layer.fingers]
        paint_nails(canvas, ((nail, layer, partial(pigment, layer)) for nail in nails), light_of(scan))
        hands = len({n.hand for n in nails})
        missing = max(0, hands * len(layer.fingers) - len(nails))
        return Drawn(len(nails), missing, float(np.mean([n.confidence for n in nails])) if nails else 0.0)


def paint_nails(
    canvas: Array, dressed: Iterable[tuple[Nail, NailPolish, Paint]], light: Array | float = 1.0
) -> None:
    """Lay the polish of nails that one light falls on; each with its layer and its colours over the surface.

    light: (3,) gains of the photo's light, in which everything that is painted is seen.
    """
    bare = [(Bare.of(canvas, nail, light), layer, paint) for nail, layer, paint in dressed]
    key = key_light((one.surface, one.shading) for one, _, _ in bare)
    for one, layer, paint in bare:
        nail, pigments = one.nail, paint(one.surface)
        seed = seed_of(layer.finish, nail.finger or nail.axis.round().tolist())
        seen = painted(
            one.ground,
            nail.mask,
            one.surface,
            one.shading,
            pigments,
            layer.material or material_of(layer.finish),
            layer.coats,
            key,
            seed,
        )
        lay(canvas, nail.mask, seen * light, layer.opacity * pigments.share)
