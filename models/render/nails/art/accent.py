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

    colours: (n, 3) float32 linear, the layer's, which art names by index; seed: of what is scattered on this finger;
    length: of the nail as it is drawn, 1 for the natural one.
    """

    polish: NailPolish
    art: PlainArt | None
    colours: Array
    seed: int
    length: float

    @property
    def base(self) -> Array:
        """(3,) float32 linear."""
        colour: Array = self.polish.swatch.linear.astype(np.float32)
        return colour


def worn(layer: NailArt, finger: Finger | None, hand: HandName | None = None) -> Worn:
    """What this finger wears; a nail that nobody could name is no accent nail."""
    swatch, finish, art = layer.colours[0], layer.finish, None
    if not isinstance(layer.art, Accent):
        art = layer.art
    elif finger in layer.art.fingers:
        swatch, finish, art = layer.colours[layer.art.colour], layer.art.finish or finish, layer.art.art
    polish = NailPolish(
        swatch=swatch,
        finish=finish,
        shape=layer.shape,
        length=layer.length,
        coats=layer.coats,
        opacity=layer.opacity,
    )
    colours = np.stack([colour.linear for colour in layer.colours]).astype(np.float32)
    seed = (0 if finger is None else 1 + _FINGERS.index(finger)) + 8 * (hand == _HANDS[0])
    return Worn(polish, art, colours, seed, layer.length)
