"""What the renderers can draw today: the one place to change when a renderer learns something."""

from __future__ import annotations

from looks.art import Accent, AnyArt
from looks.finish import LipFinish, NailFinish
from looks.layer import AnyLayer, Hair, Lips, NailArt, NailPolish
from looks.shape import NailShape

NAIL_FINISHES = frozenset(NailFinish)
NAIL_SHAPES = frozenset(NailShape)
LIP_FINISHES = frozenset({LipFinish.MATTE, LipFinish.SATIN, LipFinish.GLOSS, LipFinish.SHEER})
HAIR_COLOURS = 3
LIP_STYLES = frozenset({"full"})


def is_renderable(layer: AnyLayer) -> bool:
    """Whether this layer can be drawn as it was designed, nothing left out."""
    match layer:
        case NailPolish():
            return _fits_nails(layer)
        case NailArt():
            return _fits_nails(layer) and _accents(layer.art)
        case Lips():
            return layer.finish in LIP_FINISHES and layer.style in LIP_STYLES
        case Hair():
            return 1 <= len(layer.colours) <= (1 if layer.style.one_colour else HAIR_COLOURS)
        case _:
            return False


def _accents(art: AnyArt) -> bool:
    return not isinstance(art, Accent) or art.finish is None or art.finish in NAIL_FINISHES


def _fits_nails(layer: NailPolish | NailArt) -> bool:
    return layer.finish in NAIL_FINISHES and layer.shape in NAIL_SHAPES
