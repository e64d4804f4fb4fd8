"""Hair colour on every head of a scan: the fibre's colour is the target's, the photo's shading and highlights stay."""

from __future__ import annotations

import zlib
from dataclasses import replace

import cv2
import numpy as np

from looks.hair import HairStyle
from looks.hair_formula import feasibility
from looks.layer import Hair as HairLayer
from looks.renderable import is_renderable
from models.analyse.grey import grey_of, without_grey
from models.analyse.hair_level import exposure, read_strands
from models.analyse.strands import SHEEN, Strands, take_apart
from models.render.hair.fibre import contrast, over, shoulder
from models.render.hair.flow import flow
from models.render.hair.head import head_of
from models.render.hair.placement import Weave, shares
from models.render.light import LUMINANCE, linear, luminance, shift
from models.render.renderer import Drawn, Part
from models.types import Array, Face, Illuminant, Mask, Scan

COARSE = 0.5  # share of the strands' change of contrast that the shading of locks takes part in
STEEPEST = (0.45, 2.2)  # least and most change of contrast
TINTED = 0.8  # power on the pigment's colour in the rest of it
WHITE = 0.25  # share of the gloss that knows no pigment (R beside TRT of Marschner et al. 2003)
EVEN, DEEP = (
    0.40,
    0.6,
)  # log contrast of evenly lit hair, and how far what exceeds it moves the swatch to the light
POLISHED = 1.4  # how much more a gloss follows the light than the body does
BLACK = 0.03  # linear light of hair in whose shadows strands may be lost
BLACK_OUT = 0.006  # linear light under which they are
UNSEEN = 0.22  # log depth of the lost ones
DARKEST = 0.002  # linear light


class HairRenderer:
    """Draws Hair on each head of hair that a scan holds."""

    part = Part.HAIR

    def supports(self, layer: HairLayer) -> bool:
        return is_renderable(layer)

    def draw(self, canvas: Array, scan: Scan, layer: HairLayer) -> Drawn:
        hair, faces = scan.hair or (), scan.faces or ()
        illuminant = scan.illuminant or Illuminant()
        lift, readings = exposure(canvas), []
        for one in hair:
            face = faces[one.face] if 0 <= one.face < len(faces) else None
            strands = take_apart(linear(canvas[one.mask.box.slices]) / illuminant.linear, one.mask)
            readings.append((len(strands.light), read_strands(strands, lift, illuminant)))
            colour_hair(canvas, one.mask, strands, face, layer, illuminant.linear)
        if not readings:
            return Drawn(0, len(faces), 0.0)
        _, largest = max(readings, key=lambda sized: sized[0])
        confidence = float(np.mean([one.confidence for one in hair]))
        return Drawn(len(hair), max(0, len(faces) - len(hair)), confidence, feasibility(largest, layer))


def colour_hair(
    canvas: Array, mask: Mask, strands: Strands, face: Face | None, layer: HairLayer, light: Array
) -> None:
    """Colour one head's hair, taken apart, in a photo whose light has these gains, (3,)."""
    grey = grey_of(strands)
    strands = without_grey(strands, grey)
    albedo = np.stack([swatch.linear for swatch in layer.colours]).astype(np.float32)
    black = strands.level < BLACK and float(luminance(albedo).max()) > BLACK
    if layer.style.one_colour and not black:
        share = _everywhere(layer.style, grey)
    else:
        head = head_of(mask, strands.where, face)
        weave = _weave(strands, head.down, seed_of(mask))
        if black:
            strands = replace(strands, detail=strands.detail + _unseen(strands) * weave.strand)
        if layer.style.one_colour:
            share = _everywhere(layer.style, grey)
        else:
            share = shares(layer.style, len(layer.colours), head, weave)
    cover = share.sum(axis=-1)
    paint = _painted(strands, albedo, share / np.maximum(cover, 1e-4)[:, None])
    alpha = mask.alpha[strands.where].astype(np.float32) * np.float32(layer.opacity / 255) * cover
    shift(canvas, mask.box, strands.where, (paint - strands.light) * (alpha[:, None] * light))


def _everywhere(style: HairStyle, grey: Array) -> Array:
    """(n, 1) of the one colour: all hair, or what is grey of it."""
    whole = np.ones_like(grey) if style is HairStyle.FULL else grey
    return whole[:, None]


def _weave(strands: Strands, down: Array, seed: int) -> Weave:
    noise = flow(strands.small, strands.small_alpha, down, seed)
    strand, clump = (_enlarged(one, strands.where) for one in (noise.strand, noise.clump))
    # Where the photo is too black to show strands its noise is none.
    seen = 1 - _unseen(strands) / UNSEEN
    fine = seen * strands.detail / max(float(strands.detail[strands.sample].std()), 0.05)
    return Weave(strand, clump, np.clip(fine, -2.0, 2.0))


def _unseen(strands: Strands) -> Array:
    """(n,) depth of strands that must be there where the photo is too black to show any."""
    y = np.exp(strands.smooth) * np.float32(strands.level / BLACK_OUT)
    depth: Array = UNSEEN / (1 + y * y)
    return depth


def _enlarged(small: Array, where: Array) -> Array:
    full: Array = cv2.resize(small, where.shape[::-1], interpolation=cv2.INTER_LINEAR)[where]
    return full


def _painted(strands: Strands, albedo: Array, share: Array) -> Array:
    """(n, 3) white light off fibres whose colour is, strand by strand, this mixture of albedos (k, 3)."""
    fine = np.clip(contrast(albedo) / contrast(strands.level), *STEEPEST)
    coarse = 1 + COARSE * (fine - 1)
    log = np.log(np.maximum(albedo, DARKEST))
    chosen = strands.sample
    smooth, detail = strands.smooth[chosen, None], strands.detail[chosen, None]
    for colour in range(len(albedo)):
        log[colour] -= _usual(smooth * coarse[colour] + detail * fine[colour])
    exponent = (
        share @ log + strands.smooth[:, None] * (share @ coarse) + strands.detail[:, None] * (share @ fine)
    )
    target = np.maximum(share @ luminance(albedo), DARKEST)
    exponent -= over(exponent @ LUMINANCE - np.log(target), target)[:, None]
    body = np.exp(exponent, out=exponent)
    # A cuticle mirrors what it always did; pale hair only hid it, so that hair made darker shows it again.
    hidden = np.clip(1 - target / strands.level, 0, 1)
    lit = np.exp(np.minimum(POLISHED * (strands.smooth + strands.detail), 2.5)) - 1
    gloss = strands.gloss + SHEEN * hidden * np.maximum(lit, 0)
    # Mirrored once it is white; mirrored within the fibre, the greater part, it has gone through the pigment.
    tinted = (albedo / np.maximum(albedo.max(axis=-1, keepdims=True), DARKEST)) ** TINTED
    body += gloss[:, None] * (share @ (WHITE + (1 - WHITE) * tinted))
    return shoulder(body)


def _usual(shading: Array) -> Array:
    """(3,) of log shading (n, 3): what a swatch is held to, the median or more where half of it lies in the dark."""
    middle, lit = np.percentile(shading, (50, 85), axis=0)
    usual: Array = middle + DEEP * np.maximum(lit - middle - EVEN, 0)
    return usual


def seed_of(mask: Mask) -> int:
    """The same hair gets the same strands."""
    box = mask.box
    return zlib.crc32(np.array([box.x0, box.y0, box.x1, box.y1, int(mask.alpha.sum())], np.int64).tobytes())
