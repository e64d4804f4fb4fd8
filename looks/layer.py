"""Layers: one product on one place. A tagged union, so that JSON and TOML name the kind."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from looks.art import AnyArt
from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import BaseFinish, Coverage, LipFinish, NailFinish, SkinFinish
from looks.hair import HairStyle, HairTone, Level, swatch_of, tone_of
from looks.material import Material, material_of
from looks.shape import NailShape

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Millimetres = Annotated[float, Meta(ge=0.5, le=4.0)]
NailLength = Annotated[float, Meta(ge=0.8, le=2.5)]
EVERY_FINGER = tuple(Finger)


class Layer(Struct, frozen=True, tag_field="kind", kw_only=True, forbid_unknown_fields=True):
    """What all layers share. opacity: share of full coverage, 0 to 1."""

    opacity: Share = 1.0


class NailPolish(Layer, frozen=True, tag="nail_polish"):
    """One lacquer on the named fingers; length is relative to the natural nail; material: None for the finish's own."""

    swatch: Swatch
    finish: NailFinish = NailFinish.CREAM
    fingers: tuple[Finger, ...] = EVERY_FINGER
    shape: NailShape = NailShape.NATURAL
    length: NailLength = 1.0
    coats: Annotated[int, Meta(ge=1, le=4)] = 2
    material: Material | None = None


class NailArt(Layer, frozen=True, tag="nail_art"):
    """Art over a base; colours[0] is the base; material: the base's, None for the finish's own."""

    art: AnyArt
    colours: tuple[Swatch, ...]
    finish: NailFinish = NailFinish.GEL
    fingers: tuple[Finger, ...] = EVERY_FINGER
    shape: NailShape = NailShape.NATURAL
    length: NailLength = 1.0
    coats: Annotated[int, Meta(ge=1, le=4)] = 2
    material: Material | None = None

    @property
    def style(self) -> str:
        """french, ombre, decal, gems or accent."""
        return str(self.art.__struct_config__.tag)


class Base(Layer, frozen=True, tag="base"):
    """Foundation over the face, or concealer under the eyes; style is foundation or concealer."""

    colours: tuple[Swatch, ...]
    finish: BaseFinish = BaseFinish.NATURAL
    style: str = "foundation"
    coverage: Coverage = Coverage.MEDIUM


class Lips(Layer, frozen=True, tag="lips"):
    """Lipstick; style is full, ombre, two_tone or liner. liner_mm: width of the line, a mouth being 50 mm wide."""

    colours: tuple[Swatch, ...]
    finish: LipFinish = LipFinish.SATIN
    style: str = "full"
    liner_mm: Millimetres = 1.5


class Cheeks(Layer, frozen=True, tag="cheeks"):
    """Blush in one to three colours, contour, bronzer or highlighter.

    style: blush, apple, draping or sun_kissed place a blush; contour, bronzer and highlighter have places of their own.
    """

    colours: tuple[Swatch, ...]
    finish: SkinFinish = SkinFinish.SATIN
    style: str = "blush"


class Eyes(Layer, frozen=True, tag="eyes"):
    """Shadow of up to five colours from the inner to the outer zone, a liner or lashes.

    style: shadow; liner (a thin line), liner_wing, liner_cat, liner_smoky, liner_tight or liner_lower; lashes,
    lashes_volume or lashes_cat.
    """

    colours: tuple[Swatch, ...]
    finish: SkinFinish = SkinFinish.SATIN
    style: str = "shadow"


class Brows(Layer, frozen=True, tag="brows"):
    """Brow colour; style names the shape. fill: how far gaps are filled with strokes, 0 to 1."""

    colours: tuple[Swatch, ...]
    style: str = "natural"
    fill: Share = 0.5


class Hair(Layer, frozen=True, tag="hair"):
    """Hair colour; level, 1 (black) to 10 (lightest blonde), is that of its lightest part.

    colours: one for full and grey_cover. For other styles base and lightened parts, up to two of them, or the lightened
    part alone on the hair's own colour.
    """

    colours: tuple[Swatch, ...]
    style: HairStyle = HairStyle.FULL
    level: Level = 5

    @classmethod
    def of(cls, level: int, tone: HairTone, style: HairStyle = HairStyle.FULL) -> Hair:
        """One colour by level and tone."""
        return cls(colours=(swatch_of(level, tone),), style=style, level=level)

    @property
    def tone(self) -> HairTone:
        """Of its lightest part."""
        return tone_of(self.colours[-1].lab)


AnyLayer = NailPolish | NailArt | Base | Lips | Cheeks | Eyes | Brows | Hair


def of_material(layer: AnyLayer, material: Material) -> AnyLayer:
    """The layer in this material; unchanged where that is the finish's own, or where only the finish is drawn."""
    if isinstance(layer, NailPolish | NailArt) and material != material_of(layer.finish):
        return msgspec.structs.replace(layer, material=material)
    return layer
