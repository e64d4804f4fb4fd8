"""What one finger wears of a nail art: the layer's own art, or that of its accent nails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.art import Accent, PlainArt
from looks.finger import Finger, HandName
from looks.layer import NailArt, NailPolish
from models.types import Array

_FINGERS, _HANDS = tuple(Finger), tuple(HandName)


@dataclass(frozen=True, slots=True)
class Worn:
    """One nail's polish and the art on it.

    colours: (n, 3) float32 linear, the layer's, which art names by index; ground: index of the base; seed: of what is
    scattered on this finger; length: of the nail as it is drawn, 1 for the natural one.
    """

    polish: NailPolish
    art: PlainArt | None
    colours: Array
    ground: int
    seed: int
    length: float

    @property
    def base(self) -> Array:
        """(3,) float32 linear."""
        colour: Array = self.colours[self.ground]
        return colour

    @property
    def inks(self) -> Array:
        """(n - 1, 3) float32 linear: all colours but the base, in their order."""
        return np.delete(self.colours, self.ground, axis=0)


def worn(layer: NailArt, finger: Finger | None, hand: HandName | None = None) -> Worn:
    """What this finger wears; a nail that nobody could name is no accent nail."""
    ground, finish, art, material = 0, layer.finish, None, layer.material
    if not isinstance(layer.art, Accent):
        art = layer.art
    elif finger in layer.art.fingers:
        ground, finish, art = layer.art.colour, layer.art.finish or finish, layer.art.art
        material = layer.material if finish is layer.finish else None
    polish = NailPolish(
        swatch=layer.colours[ground],
        finish=finish,
        shape=layer.shape,
        length=layer.length,
        coats=layer.coats,
        opacity=layer.opacity,
        material=material,
    )
    colours = np.stack([colour.linear for colour in layer.colours]).astype(np.float32)
    seed = (0 if finger is None else 1 + _FINGERS.index(finger)) + 8 * (hand == _HANDS[0])
    return Worn(polish, art, colours, ground, seed, layer.length)
