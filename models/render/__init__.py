"""Renderers by kind of layer: one look is a list of layers, drawn in their order inside the scan's masks."""

from __future__ import annotations

from typing import Any

from looks.layer import Hair, Layer, Lips, NailArt, NailPolish
from models.render.hair import HairRenderer
from models.render.lips import FILMS, LipsRenderer
from models.render.nails import FINISHES, ArtRenderer, PolishRenderer
from models.render.renderer import Drawn, Part, Renderer

RENDERERS: dict[type[Layer], Renderer] = {
    NailPolish: PolishRenderer(),
    NailArt: ArtRenderer(),
    Lips: LipsRenderer(),
    Hair: HairRenderer(),
}
LIP_FINISHES = frozenset(FILMS)


def renderer_for(layer: Any) -> Renderer | None:
    """The renderer that can draw this very layer, or None."""
    renderer = RENDERERS.get(type(layer))
    return renderer if renderer is not None and renderer.supports(layer) else None


__all__ = ["FINISHES", "LIP_FINISHES", "RENDERERS", "Drawn", "Part", "Renderer", "renderer_for"]
