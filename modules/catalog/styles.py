"""The vocabulary of styles: which a layer may have, and how many colours it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from looks.art import MOST_COLOURS, Accent, Ombre, Picture, colours_of
from looks.hair import HairStyle
from looks.layer import AnyLayer, Base, Brows, Cheeks, Eyes, Hair, Lips, NailArt
from looks.renderable import HAIR_COLOURS

LIP_STYLES = frozenset({"full", "ombre", "two_tone", "liner"})
BASE_STYLES = frozenset({"foundation", "concealer"})
BLUSH_STYLES = frozenset({"blush", "apple", "draping", "sun_kissed"})
CHEEK_STYLES = BLUSH_STYLES | {"contour", "bronzer", "highlighter"}
LINER_STYLES = frozenset({"liner", "liner_wing", "liner_cat", "liner_smoky", "liner_tight", "liner_lower"})
LASH_STYLES = frozenset({"lashes", "lashes_volume", "lashes_cat"})
EYE_STYLES = LINER_STYLES | LASH_STYLES | {"shadow"}
BROW_STYLES = frozenset({"natural", "soft_arch", "high_arch", "straight", "rounded", "fluffy"})
HAIR_STYLES = frozenset(HairStyle)


class Unfit(ValueError):
    """A value outside the vocabulary; says of which of a layer's fields."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def check(layer: AnyLayer) -> None:
    """Raises Unfit on a style, a number of colours or an art parameter that is not in the vocabulary."""
    match layer:
        case NailArt():
            _art(layer)
        case Base():
            _member("style", layer.style, BASE_STYLES)
            _colours(layer.colours, 1, 1)
        case Lips():
            _member("style", layer.style, LIP_STYLES)
            _colours(layer.colours, *((1, 1) if layer.style == "full" else (2, 2)))
        case Cheeks():
            _member("style", layer.style, CHEEK_STYLES)
            _colours(layer.colours, 1, 3 if layer.style in BLUSH_STYLES else 1)
        case Eyes():
            _member("style", layer.style, EYE_STYLES)
            _colours(layer.colours, 1, 5 if layer.style == "shadow" else 1)
        case Brows():
            _member("style", layer.style, BROW_STYLES)
            _colours(layer.colours, 1, 1)
        case Hair():
            _member("style", layer.style, HAIR_STYLES)
            _colours(layer.colours, 1, 1 if layer.style.one_colour else HAIR_COLOURS)
        case _:
            return


def _art(layer: NailArt) -> None:
    _colours(layer.colours, 1 if isinstance(layer.art, Picture) else 2, MOST_COLOURS)
    if (needed := colours_of(layer.art)) > (given := len(layer.colours)):
        raise Unfit("parameters", f"this art takes {needed} colours, got {given}")
    art = layer.art.art if isinstance(layer.art, Accent) else layer.art
    if isinstance(art, Ombre) and art.stops and len(art.stops) != given:
        raise Unfit("parameters", f"there must be a stop for each of {given} colours, got {len(art.stops)}")


def _member(field: str, value: object, known: Iterable[str]) -> None:
    if value not in (allowed := sorted(known)):
        raise Unfit(field, f"{field} must be one of {', '.join(allowed)}, got {value!r}")


def _colours(colours: Sized, least: int, most: int) -> None:
    if not least <= len(colours) <= most:
        raise Unfit("colours", f"this style takes {least} to {most} colours, got {len(colours)}")
