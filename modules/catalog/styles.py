"""The vocabulary of styles: which a layer may have, and which parameters nail art takes."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from looks.layer import AnyLayer, Brows, Cheeks, Eyes, Hair, Lips, NailArt

LIP_STYLES = frozenset({"full", "ombre", "two_tone", "liner"})
CHEEK_STYLES = frozenset({"blush", "contour", "bronzer", "highlighter"})
EYE_STYLES = frozenset({"shadow", "liner", "lashes"})
BROW_STYLES = frozenset({"natural", "soft_arch", "high_arch", "straight", "rounded", "fluffy"})
HAIR_STYLES = frozenset({"full", "ombre", "balayage", "highlights", "money_piece", "root_shadow"})


class Unfit(ValueError):
    """A value outside the vocabulary; says of which of a layer's fields."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


Range = tuple[float, float]
Choice = frozenset[str]

# Along the nail: shares of its length (0 cuticle, 1 free edge). Across it: shares of its width
# (0 the thumb's side). Sizes are shares of the nail's width unless they end in _mm.
_PLACE: dict[str, Range | Choice] = {"x": (0.0, 1.0), "y": (0.0, 1.0), "angle_deg": (-180.0, 180.0)}
_SEED: dict[str, Range | Choice] = {"seed": (0.0, 65535.0)}
ART: dict[str, dict[str, Range | Choice]] = {
    "french": {
        "side": frozenset({"tip", "cuticle"}),
        "tip_width": (0.03, 0.6),
        "smile_curve": (-1.0, 1.0),
        "edge_softness": (0.0, 1.0),
        "angle_deg": (-60.0, 60.0),
    },
    "ombre": {
        "direction": frozenset({"cuticle_to_tip", "tip_to_cuticle", "side"}),
        "start": (0.0, 1.0),
        "middle": (0.0, 1.0),
        "end": (0.0, 1.0),
    },
    "decal": {
        "motif": frozenset({"daisy", "star", "fern", "heart", "moon"}),
        "count": (1.0, 12.0),
        "scale": (0.02, 1.0),
        **_PLACE,
        **_SEED,
    },
    "gems": {
        "arrangement": frozenset({"cuticle_arc", "single", "line", "scatter"}),
        "cut": frozenset({"round", "marquise", "pearl"}),
        "count": (1.0, 30.0),
        "size_mm": (0.5, 5.0),
        **_PLACE,
        **_SEED,
    },
    "accent": {
        "pattern": frozenset({"half_moon", "marble", "glitter_fade", "dots", "stripe"}),
        "scale": (0.02, 1.0),
        "density": (0.0, 1.0),
        "start": (0.0, 1.0),
        "end": (0.0, 1.0),
        **_PLACE,
        **_SEED,
    },
}


def check(layer: AnyLayer) -> None:
    """Raises Unfit on a style, a number of colours or an art parameter that is not in the vocabulary."""
    match layer:
        case NailArt():
            _member("style", layer.style, ART.keys())
            _colours(layer.colours, 2, 5)
            _parameters(layer)
        case Lips():
            _member("style", layer.style, LIP_STYLES)
            _colours(layer.colours, *((1, 1) if layer.style == "full" else (2, 2)))
        case Cheeks():
            _member("style", layer.style, CHEEK_STYLES)
            _colours(layer.colours, 1, 1)
        case Eyes():
            _member("style", layer.style, EYE_STYLES)
            _colours(layer.colours, 1, 5)
        case Brows():
            _member("style", layer.style, BROW_STYLES)
            _colours(layer.colours, 1, 1)
        case Hair():
            _member("style", layer.style, HAIR_STYLES)
            _colours(layer.colours, *((1, 1) if layer.style == "full" else (2, 3)))
        case _:
            return


def _parameters(art: NailArt) -> None:
    known = ART[art.style]
    for name, value in art.parameters.items():
        _member("parameters", name, known.keys(), f"{art.style} parameter")
        bounds = known[name]
        if isinstance(bounds, frozenset):
            _member("parameters", value, bounds, name)
        elif isinstance(value, str) or not bounds[0] <= value <= bounds[1]:
            words = f"{name} must lie between {bounds[0]} and {bounds[1]}, got {value!r}"
            raise Unfit("parameters", words)


def _member(field: str, value: object, known: Iterable[str], name: str = "") -> None:
    if value not in (allowed := sorted(known)):
        raise Unfit(field, f"{name or field} must be one of {', '.join(allowed)}, got {value!r}")


def _colours(colours: Sized, least: int, most: int) -> None:
    if not least <= len(colours) <= most:
        raise Unfit("colours", f"this style takes {least} to {most} colours, got {len(colours)}")
