"""What the renderers can draw today: the one place to change when a renderer learns something."""

from __future__ import annotations

from looks.art import Accent, AnyArt
from looks.finish import BaseFinish, LipFinish, NailFinish, SkinFinish
from looks.layer import AnyLayer, Base, Brows, Cheeks, Eyes, Hair, Lips, NailArt, NailPolish
from looks.shape import NailShape

NAIL_FINISHES = frozenset(NailFinish)
NAIL_SHAPES = frozenset(NailShape)
LIP_FINISHES = frozenset(LipFinish)
LIP_STYLES = frozenset({"full", "ombre", "two_tone", "liner"})
SKIN_FINISHES = frozenset(SkinFinish)
BASE_FINISHES = frozenset(BaseFinish)
BASE_STYLES = frozenset({"foundation", "concealer"})
CHEEK_STYLES = frozenset({"blush", "apple", "draping", "sun_kissed", "contour", "bronzer", "highlighter"})
EYE_STYLES = frozenset(
    {"shadow", "liner", "liner_wing", "liner_cat", "liner_smoky", "liner_tight", "liner_lower"}
    | {"lashes", "lashes_volume", "lashes_cat"}
)
BROW_STYLES = frozenset({"natural", "soft_arch", "high_arch", "straight", "rounded", "fluffy"})
HAIR_COLOURS = 3


def is_renderable(layer: AnyLayer) -> bool:
    """Whether this layer can be drawn as it was designed, nothing left out."""
    match layer:
        case NailPolish():
            return _fits_nails(layer)
        case NailArt():
            return _fits_nails(layer) and _accents(layer.art)
        case Lips():
            return layer.finish in LIP_FINISHES and layer.style in LIP_STYLES
        case Base():
            return layer.finish in BASE_FINISHES and layer.style in BASE_STYLES
        case Cheeks():
            return layer.finish in SKIN_FINISHES and layer.style in CHEEK_STYLES
        case Eyes():
            return layer.finish in SKIN_FINISHES and layer.style in EYE_STYLES
        case Brows():
            return layer.style in BROW_STYLES
        case Hair():
            return 1 <= len(layer.colours) <= (1 if layer.style.one_colour else HAIR_COLOURS)
        case _:
            return False


def _accents(art: AnyArt) -> bool:
    return not isinstance(art, Accent) or art.finish is None or art.finish in NAIL_FINISHES


def _fits_nails(layer: NailPolish | NailArt) -> bool:
    return layer.finish in NAIL_FINISHES and layer.shape in NAIL_SHAPES
