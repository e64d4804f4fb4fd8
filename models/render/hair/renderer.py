"""Hair colour on every head of a scan: the fibre's colour is the target's, the photo's shading and highlights stay."""

from __future__ import annotations

import numpy as np

from looks.hair import HairStyle
from looks.hair_formula import feasibility
from looks.layer import Hair as HairLayer
from looks.renderable import is_renderable
from models.analyse.strands import SHEEN, Strands
from models.render.hair.fibre import contrast, over, shoulder
from models.render.hair.placement import shares
from models.render.hair.sitter import Sitter, sit
from models.render.light import LUMINANCE, luminance, shift
from models.render.renderer import Drawn, Part
from models.types import Array, Illuminant, Scan

COARSE = 0.5  # share of the strands' change of contrast that the shading of locks takes part in
STEEPEST = (0.45, 2.2)  # least and most change of contrast
TINTED = 0.8  # power on the pigment's colour in the rest of it
WHITE = 0.25  # share of the gloss that knows no pigment (R beside TRT of Marschner et al. 2003)
EVEN, DEEP = (
    0.40,
    0.6,
)  # log contrast of evenly lit hair, and how far what exceeds it moves the swatch to the light
PALE, CLIPPED = (
    0.5,
    0.6,
)  # linear light of pale hair, and the share of its brightest light that goes with its colour
POLISHED = 1.4  # how much more a gloss follows the light than the body does
BLACK = 0.03  # linear light of hair in whose shadows strands may be lost
DARKEST = 0.002  # linear light


class HairRenderer:
    """Draws Hair on each head of hair that a scan holds."""

    part = Part.HAIR

    def supports(self, layer: HairLayer) -> bool:
        return is_renderable(layer)

    def draw(self, canvas: Array, scan: Scan, layer: HairLayer) -> Drawn:
        hair, faces = scan.hair or (), scan.faces or ()
        illuminant, readings = scan.illuminant or Illuminant(), []
        for one in hair:
            face = faces[one.face] if one.face is not None and one.face < len(faces) else None
            sitter = sit(canvas, one.mask, face, illuminant)
            readings.append((len(sitter.seen.where), sitter.reading))
            colour_hair(canvas, sitter, layer, illuminant.linear)
        if not readings:
            return Drawn(0, len(faces), 0.0)
        _, largest = max(readings, key=lambda sized: sized[0])
        confidence = float(np.mean([one.confidence for one in hair]))
        return Drawn(len(hair), max(0, len(faces) - len(hair)), confidence, feasibility(largest, layer))


def colour_hair(canvas: Array, sitter: Sitter, layer: HairLayer, light: Array) -> None:
    """Colour one head's hair in a photo whose light has these gains, (3,)."""
    albedo = np.stack([swatch.linear for swatch in layer.colours]).astype(np.float32)
    share = _shares(layer, sitter)
    brighter = sitter.strands.level < BLACK < float(luminance(albedo).max())
    strands = sitter.grown if brighter else sitter.strands
    alpha = strands.alpha * np.float32(layer.opacity / 255)
    if layer.style is not HairStyle.FULL:
        cover = share.sum(axis=-1)
        share, alpha = share / np.maximum(cover, 1e-4)[:, None], alpha * cover
    paint = _painted(strands, albedo, share)
    paint -= strands.light
    paint *= light
    paint *= alpha[:, None]
    shift(canvas, sitter.box, strands.where, paint)


def _shares(layer: HairLayer, sitter: Sitter) -> Array:
    """(n, colours) of each pixel's own colour; less than 1 in sum where it keeps its own."""
    match layer.style:
        case HairStyle.FULL:
            return np.ones((len(sitter.seen.where), 1), np.float32)
        case HairStyle.GREY_COVER:
            return sitter.grey[:, None]
        case _:
            return shares(layer.style, len(layer.colours), sitter.head, sitter.weave)


def _painted(strands: Strands, albedo: Array, share: Array) -> Array:
    """(n, 3) white light off fibres whose colour is, strand by strand, this mixture of albedos (k, 3)."""
    fine = np.clip(contrast(albedo) / contrast(strands.level), *STEEPEST)
    coarse = 1 + COARSE * (fine - 1)
    log = np.log(np.maximum(albedo, DARKEST))
    chosen = strands.sample
    smooth, detail = strands.smooth[chosen, None], strands.detail[chosen, None]
    for colour in range(len(albedo)):
        log[colour] -= _usual(smooth * coarse[colour] + detail * fine[colour])
    parts = (share, share * strands.smooth[:, None], share * strands.detail[:, None])
    exponent = np.concatenate(parts, axis=1) @ np.concatenate((log, coarse, fine)).astype(np.float32)
    target = np.maximum(share @ luminance(albedo), DARKEST)
    exponent -= over(exponent @ LUMINANCE - np.log(target), target)[:, None]
    body = np.exp(exponent, out=exponent)
    # A cuticle mirrors what it always did; pale hair only hid it, so that hair made darker shows it again.
    hidden = np.clip(1 - target / strands.level, 0, 1)
    lit = np.exp(np.minimum(POLISHED * (strands.smooth + strands.detail), 2.5)) - 1
    # What a bright photo clips of pale hair is more its body than its gloss.
    kept = 1 - CLIPPED * min(strands.level / PALE, 1.0) * hidden
    gloss = kept * strands.gloss + SHEEN * hidden * np.maximum(lit, 0)
    # Mirrored once it is white; mirrored within the fibre, the greater part, it has gone through the pigment.
    tinted = (albedo / np.maximum(albedo.max(axis=-1, keepdims=True), DARKEST)) ** TINTED
    body += gloss[:, None] * (share @ (WHITE + (1 - WHITE) * tinted))
    return shoulder(body)


def _usual(shading: Array) -> Array:
    """(3,) of log shading (n, 3): what a swatch is held to, the median or more where half of it lies in the dark."""
    middle, lit = np.percentile(shading, (50, 85), axis=0)
    usual: Array = middle + DEEP * np.maximum(lit - middle - EVEN, 0)
    return usual
