"""Lipstick: the swatch under the lips' own shading and lines; gloss lifts the light that the lips already catch."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from looks.finish import LipFinish
from looks.layer import Lips as LipsLayer
from models.render.light import lay, linear, luminance
from models.render.renderer import Drawn, Part
from models.types import Array, Lips, Scan


@dataclass(frozen=True, slots=True)
class Film:
    """How a lipstick meets light.

    cover: share hidden; relief: power on the lips' shading (1 keeps it, less flattens); keep: share of the photo's
    highlights; gloss: light added where the lips catch most, linear.
    """

    cover: float
    relief: float
    keep: float
    gloss: float


FILMS = {
    LipFinish.MATTE: Film(cover=0.97, relief=0.75, keep=0.15, gloss=0.0),
    LipFinish.SATIN: Film(cover=0.92, relief=0.85, keep=0.80, gloss=0.03),
    LipFinish.GLOSS: Film(cover=0.85, relief=0.95, keep=1.30, gloss=0.16),
    LipFinish.SHEER: Film(cover=0.45, relief=0.90, keep=1.0, gloss=0.04),
}
HIGHLIGHT = 1.35  # times the lips' smooth shading: brighter than this is specular
LOWEST, HIGHEST = 0.25, 1.9  # of the shading relative to its median


class LipsRenderer:
    """Draws full lipstick on every face's lips."""

    part = Part.LIPS

    def supports(self, layer: LipsLayer) -> bool:
        return layer.finish in FILMS and layer.style == "full" and len(layer.colours) == 1

    def draw(self, canvas: Array, scan: Scan, layer: LipsLayer) -> Drawn:
        faces, lips = scan.faces or (), scan.lips or ()
        for one in lips:
            paint_lips(canvas, one, layer)
        confidence = float(np.mean([faces[one.face].score for one in lips])) if lips else 0.0
        return Drawn(len(lips), len(faces) - len(lips), confidence)


def paint_lips(canvas: Array, lips: Lips, layer: LipsLayer) -> None:
    """Lay one mouth's lipstick."""
    film, mask = FILMS[layer.finish], lips.mask
    ground = linear(canvas[mask.box.slices])
    y = np.maximum(luminance(ground), 1e-3)
    weight = mask.alpha.astype(np.float32) / 255
    core = mask.alpha > 200 if np.count_nonzero(mask.alpha > 200) > 16 else mask.alpha > 0
    middle = float(np.median(y[core]))
    sigma = max(1.0, 0.035 * mask.box.shape[1])
    # A normalised blur keeps skin and teeth beside the lips out of the smooth shading.
    smooth = cv2.GaussianBlur(np.minimum(y, 2 * middle) * weight, (0, 0), sigma) / np.maximum(
        cv2.GaussianBlur(weight, (0, 0), sigma), 1e-2
    )
    specular = np.maximum(y - HIGHLIGHT * np.maximum(smooth, 0.6 * middle), 0)
    relief = np.clip((y - specular) / middle, LOWEST, HIGHEST) ** film.relief
    relief = relief / float(np.median(relief[core]))
    lit = relief[..., None] * layer.colours[0].linear.astype(np.float32)
    low, high = np.percentile(smooth[core], [70, 99])
    catch = np.clip((smooth - low) / max(float(high - low), 1e-3), 0, 1) ** 2
    highlight = film.keep * specular + film.gloss * catch
    paint = lit + highlight[..., None] * (1 - 0.6 * lit)
    lay(canvas, mask, paint, film.cover * layer.opacity)
