"""What is painted on a nail's base colour. A tagged union: `style` names the kind of art.

Colours are indices of the layer's colours, whose first is the base. Lengths along the nail are shares of the natural
nail (0 cuticle, 1 free edge), sizes shares of its width, unless they end in _mm. A nail is seen with its free edge up;
angles turn clockwise.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from looks.finger import Finger
from looks.finish import NailFinish
from looks.picture import check_picture

MOST_COLOURS = 5
Colour = Annotated[int, Meta(ge=0, lt=MOST_COLOURS)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Degrees = Annotated[float, Meta(ge=-180.0, le=180.0)]
Seed = Annotated[int, Meta(ge=0, le=65535)]


class Art(Struct, frozen=True, tag_field="style", kw_only=True, forbid_unknown_fields=True):
    """What all kinds of art share."""


class Side(StrEnum):
    """Which end of a nail a band lies on."""

    TIP = "tip"
    CUTICLE = "cuticle"


class French(Art, frozen=True, tag="french"):
    """A band along the free edge, or a half moon at the cuticle.

    width: in the middle; curve: how deep the line smiles, 0 straight, below 0 frowns; softness: 0 crisp, 1 faded;
    line: width of a fine line on the smile in a colour of its own, 0 for none.
    """

    side: Side = Side.TIP
    width: Annotated[float, Meta(ge=0.03, le=0.6)] = 0.2
    curve: Annotated[float, Meta(ge=-1.0, le=1.0)] = 0.6
    softness: Share = 0.0
    angle_deg: Annotated[float, Meta(ge=-60.0, le=60.0)] = 0.0
    colour: Colour = 1
    line: Annotated[float, Meta(ge=0.0, le=0.1)] = 0.0
    line_colour: Colour = 2


class Ombre(Art, frozen=True, tag="ombre"):
    """All colours of the layer, one fading into the next.

    direction_deg: 0 from cuticle to free edge, 90 from left to right, 180 from free edge to cuticle; stops: where each
    colour is pure, rising, evenly spread when left out.
    """

    direction_deg: Degrees = 0.0
    stops: Annotated[tuple[Share, ...], Meta(max_length=MOST_COLOURS)] = ()

    def __post_init__(self) -> None:
        if any(after <= before for before, after in zip(self.stops, self.stops[1:], strict=False)):
            raise ValueError(f"stops must rise, got {', '.join(map(str, self.stops))}")


class Motif(StrEnum):
    """The motifs that ship with the product (assets/art); the second row repeats without a seam."""

    DAISY = "daisy"
    STAR = "star"
    FERN = "fern"
    HEART = "heart"
    MOON = "moon"
    DOTS = "dots"
    STRIPES = "stripes"
    MARBLE = "marble"
    LEOPARD = "leopard"
    GEOMETRIC = "geometric"


class Print(Art, frozen=True, kw_only=True):
    """What is printed once, scattered or as a pattern over the whole nail.

    scale: its width; x: 0 left, 1 right; y: 0 cuticle, 1 free edge; tile: repeat it all over; count: how many are
    scattered about x and y, each turned a little.
    """

    scale: Annotated[float, Meta(ge=0.02, le=3.0)] = 0.5
    x: Share = 0.5
    y: Share = 0.5
    angle_deg: Degrees = 0.0
    tile: bool = False
    count: Annotated[int, Meta(ge=1, le=12)] = 1
    seed: Seed = 1


class Decal(Print, frozen=True, kw_only=True, tag="decal"):
    """A motif of ours; its inks are the layer's colours but the base, in their order."""

    motif: Motif


class Picture(Print, frozen=True, kw_only=True, tag="picture"):
    """A salon's own picture in its own colours. image: PNG or SVG (`looks.picture`), base64 in JSON."""

    image: bytes

    def __post_init__(self) -> None:
        check_picture(self.image)


class Arrangement(StrEnum):
    """How stones lie."""

    CUTICLE_ARC = "cuticle_arc"
    SINGLE = "single"
    LINE = "line"
    SCATTER = "scatter"


class Cut(StrEnum):
    """Of a stone: two faceted ones and two domes."""

    ROUND = "round"
    MARQUISE = "marquise"
    CABOCHON = "cabochon"
    PEARL = "pearl"


class Gems(Art, frozen=True, tag="gems"):
    """Stones glued onto the polish. size_mm: of each, on a natural nail 11 mm wide; x, y: as of a decal."""

    arrangement: Arrangement = Arrangement.SINGLE
    cut: Cut = Cut.ROUND
    count: Annotated[int, Meta(ge=1, le=30)] = 1
    size_mm: Annotated[float, Meta(ge=0.5, le=5.0)] = 1.5
    x: Share = 0.5
    y: Share = 0.5
    angle_deg: Degrees = 0.0
    colour: Colour = 1
    seed: Seed = 1


PlainArt = French | Ombre | Decal | Picture | Gems


class Accent(Art, frozen=True, tag="accent"):
    """Some fingers in another polish, with art of their own or none; the others wear the layer's base."""

    fingers: Annotated[tuple[Finger, ...], Meta(min_length=1, max_length=5)] = (Finger.RING,)
    colour: Colour = 1
    finish: NailFinish | None = None
    art: PlainArt | None = None


AnyArt = French | Ombre | Decal | Picture | Gems | Accent


def colours_of(art: AnyArt) -> int:
    """How many colours a layer needs at least for this art."""
    match art:
        case French():
            return 1 + max(art.colour, art.line_colour if art.line else 0)
        case Ombre():
            return max(2, len(art.stops))
        case Decal():
            return 2
        case Picture():
            return 1
        case Gems():
            return 1 + art.colour
        case Accent():
            return max(1 + art.colour, 0 if art.art is None else colours_of(art.art))
