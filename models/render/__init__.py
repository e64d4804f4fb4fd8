"""Renderers by kind of layer: one look is a list of layers, drawn in their order inside the scan's masks."""

from __future__ import annotations

from typing import Any

from looks.finish import LipFinish
from looks.layer import Base, Brows, Cheeks, Eyes, Hair, Layer, Lips, NailArt, NailPolish
from models.render.face import BaseRenderer, BrowsRenderer, CheeksRenderer, EyesRenderer
from models.render.hair import HairRenderer
from models.render.lips import LipsRenderer
from models.render.nails import FINISHES, ArtRenderer, PolishRenderer
from models.render.renderer import ON_FACES, ON_SKIN, Drawn, Part, Renderer

RENDERERS: dict[type[Layer], Renderer] = {
    NailPolish: PolishRenderer(),
    NailArt: ArtRenderer(),
    Base: BaseRenderer(),
    Lips: LipsRenderer(),
    Cheeks: CheeksRenderer(),
    Eyes: EyesRenderer(),
    Brows: BrowsRenderer(),
    Hair: HairRenderer(),
}
LIP_FINISHES = frozenset(LipFinish)


def renderer_for(layer: Any) -> Renderer | None:
    """The renderer that can draw this very layer, or None."""
    renderer = RENDERERS.get(type(layer))
    return renderer if renderer is not None and renderer.supports(layer) else None


__all__ = [
    "FINISHES",
    "LIP_FINISHES",
    "ON_FACES",
    "ON_SKIN",
    "RENDERERS",
    "Drawn",
    "Part",
    "Renderer",
    "renderer_for",
]
