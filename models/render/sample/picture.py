"""The picture of a design for a catalogue: painted on a nail tip or a mouth by the renderers that paint photos."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import msgspec

from looks.art import Accent
from looks.finger import Finger
from looks.layer import AnyLayer, Lips, NailArt, NailPolish
from looks.shape import NailShape
from models.derive.outputs import FULL_CHROMA, jpeg
from models.render import renderer_for
from models.render.sample.card import card
from models.render.sample.mouth import bare_mouth
from models.render.sample.studio import developed
from models.render.sample.tip import bare_tip
from models.types import Array, Scan

SIDE_PX, QUALITY = 640, 90


class Shown(StrEnum):
    """What a design is shown on."""

    TIP = "tip"
    MOUTH = "mouth"
    CARD = "card"


def shown_as(layer: AnyLayer) -> Shown:
    """What `picture` will show this layer on: a card, where no renderer can draw it."""
    match layer:
        case NailPolish() | NailArt() if renderer_for(_natural(layer)) is not None:
            return Shown.TIP
        case Lips() if renderer_for(layer) is not None:
            return Shown.MOUTH
        case _:
            return Shown.CARD


def picture(layer: AnyLayer, side: int = SIDE_PX) -> Array:
    """(side, side, 3) uint8 sRGB of this layer."""
    shown = shown_as(layer)
    if isinstance(layer, NailPolish | NailArt) and shown is Shown.TIP:
        tip = bare_tip(layer.shape, layer.length, side)
        nail = replace(tip.nail, finger=_telling(layer))
        return _painted(tip.rgb, Scan(nails=(nail,)), _natural(layer), side)
    if isinstance(layer, Lips) and shown is Shown.MOUTH:
        mouth = bare_mouth(side)
        return _painted(mouth.rgb, Scan(faces=(mouth.face,), lips=(mouth.lips,)), layer, side)
    return developed(card((layer.swatch,) if isinstance(layer, NailPolish) else layer.colours, side), side)


def file(layer: AnyLayer, side: int = SIDE_PX) -> bytes:
    """The same as a JPEG."""
    return jpeg(picture(layer, side), QUALITY, FULL_CHROMA)


def _painted(bare: Array, scan: Scan, layer: AnyLayer, side: int) -> Array:
    renderer = renderer_for(layer)
    if renderer is None:
        raise LookupError(f"no renderer for {layer}")
    canvas = bare.copy()
    renderer.draw(canvas, scan, layer)
    return developed(canvas, side)


def _telling(layer: NailPolish | NailArt) -> Finger:
    """The finger whose nail tells most of the design: an accent nail, if there is one."""
    if isinstance(layer, NailArt) and isinstance(layer.art, Accent):
        return layer.art.fingers[0]
    return layer.fingers[0]


def _natural(layer: NailPolish | NailArt) -> NailPolish | NailArt:
    """The polish as it is painted on a tip, which has the layer's shape and length already."""
    return msgspec.structs.replace(layer, shape=NailShape.NATURAL, length=1.0)
