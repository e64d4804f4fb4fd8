"""Nail polish: the swatch under the nail's own shading, with its highlights and those of the finish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from looks.finish import NailFinish
from looks.layer import NailPolish
from models.render.light import lay, linear
from models.render.nails.pigment import Pigment, pigment
from models.render.nails.surface import Surface, surface_of
from models.render.renderer import Drawn, Part
from models.render.shading import Shading, take_apart
from models.types import Array, Illuminant, Nail, Scan


@dataclass(frozen=True, slots=True)
class Coat:
    """How a finish meets light.

    cover: share of the nail that one coat hides; tint: it filters the nail's light instead of hiding it; keep: share
    of the photo's highlights that stays; gloss: peak of the clear coat's own highlight, linear light; rim: darkening
    at the edge.
    """

    cover: float
    keep: float
    gloss: float
    rim: float
    tint: bool = False


COATS = {
    NailFinish.CREAM: Coat(cover=0.97, keep=0.85, gloss=0.10, rim=0.14),
    NailFinish.GEL: Coat(cover=0.97, keep=1.0, gloss=0.24, rim=0.18),
    NailFinish.MATTE: Coat(cover=0.97, keep=0.10, gloss=0.0, rim=0.10),
    NailFinish.SHEER: Coat(cover=0.24, keep=1.0, gloss=0.12, rim=0.04),
    NailFinish.JELLY: Coat(cover=0.42, keep=1.0, gloss=0.22, rim=0.10, tint=True),
}
TEXTURE = 0.35  # share of the nail's fine relief that shows through the polish


class PolishRenderer:
    """Draws NailPolish on the nails of a scan, whose shapes `wear` has made."""

    part = Part.NAILS

    def supports(self, layer: NailPolish) -> bool:
        return layer.finish in COATS

    def draw(self, canvas: Array, scan: Scan, layer: NailPolish) -> Drawn:
        """Paint the named fingers; a nail without a name takes any layer."""
        nails = [n for n in scan.nails or () if n.finger is None or n.finger in layer.fingers]
        for nail in nails:
            paint_nail(canvas, nail, layer, light=light_of(scan))
        hands = len({n.hand for n in nails})
        missing = max(0, hands * len(layer.fingers) - len(nails))
        return Drawn(len(nails), missing, float(np.mean([n.confidence for n in nails])) if nails else 0.0)


def light_of(scan: Scan) -> Array:
    """(3,) float32 gains of the photo's light."""
    return (scan.illuminant or Illuminant()).linear


def paint_nail(
    canvas: Array,
    nail: Nail,
    layer: NailPolish,
    paint: Callable[[Surface], Pigment] | None = None,
    light: Array | float = 1.0,
) -> None:
    """Lay one nail's polish.

    paint: its colours over the surface, the layer's own swatch unless given; light: (3,) gains of the photo's light, in
    which everything that is painted is seen.
    """
    coat = COATS[layer.finish]
    ground = linear(canvas[nail.mask.box.slices]) / light
    shading = take_apart(ground, nail)
    relief = shading.diffuse * (1 + TEXTURE * (shading.texture - 1))
    outside = shading.core & (shading.specular < 0.01)
    relief = relief / max(float(np.median(relief[outside if outside.any() else shading.core])), 0.05)
    paints = (paint or partial(pigment, layer))(surface_of(nail))
    lit = (relief * _rim(nail, coat.rim))[..., None] * paints.colour
    share = (1 - (1 - coat.cover) ** layer.coats) * paints.share
    if coat.tint:
        lit = np.maximum(ground, 1e-4) ** (1 - share[..., None]) * np.maximum(lit, 1e-4) ** share[..., None]
        share = np.ones_like(share)
    else:
        lit = ground * (1 - share[..., None]) + lit * share[..., None]
    # What shows of the photo below already carries its share of the highlights.
    highlight = shading.specular * (coat.keep - (1 - share)) + coat.gloss * _clear_coat(shading)
    seen = (lit + np.maximum(highlight, 0)[..., None] * (1 - 0.6 * lit)) * light
    lay(canvas, nail.mask, seen, layer.opacity)


def _rim(nail: Nail, depth: float) -> Array:
    """A lacquer's rounded edge turns away from the light: a soft darkening along the outline, (h, w)."""
    sigma = max(0.6, 0.05 * nail.width_px)
    near = cv2.GaussianBlur(nail.mask.alpha.astype(np.float32) / 255, (0, 0), sigma)
    rim: Array = 1 - depth * np.clip((0.97 - near) / 0.45, 0, 1)
    return rim


def _clear_coat(shading: Shading) -> Array:
    """The finish's own highlight in [0, 1]: a soft streak along the nail on the side that the light comes from, (h, w).

    Where the photo shows highlights already, they stand for it.
    """
    core = shading.core
    v, lit = shading.across[core], shading.diffuse[core]
    lean = float(np.clip(np.cov(v, lit)[0, 1] / (np.var(v) + 1e-3) * 2.0, -1, 1)) if len(v) > 1 else 0.0
    middle = 0.34 * (np.sign(lean) if abs(lean) > 0.03 else -1.0) + 0.12 * lean
    streak = np.exp(-(((shading.across - middle) / 0.13) ** 2))
    ends = np.clip((shading.along - 0.12) / 0.22, 0, 1) * np.clip((0.86 - shading.along) / 0.30, 0, 1)
    ends = ends * ends * (3 - 2 * ends)
    own = float(np.mean(shading.specular[core] > 0.05))
    highlight: Array = streak * ends * max(0.0, 1 - own / 0.05)
    return highlight
