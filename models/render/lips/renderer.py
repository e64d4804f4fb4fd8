"""Lipstick: a film over the lips' own shading and lines, and what its finish adds to the light that they catch."""

from __future__ import annotations

import cv2
import numpy as np

from looks.finish import LipFinish
from looks.layer import Lips as LipsLayer
from looks.material import Material, material_of
from models.render.face.sparkle import sparkle
from models.render.light import form_told, lay, linear, luminance
from models.render.lips.place import MOUTH_MM, LipPlace
from models.render.nails.coat import coated
from models.render.nails.film import rainbow
from models.render.renderer import Drawn, Part, light_of
from models.types import Array, Lips, Scan

HIGHLIGHT = 1.35  # times the lips' smooth shading: brighter than this is specular
LOWEST, HIGHEST = 0.25, 1.9  # of the shading relative to its median
CREST = 0.46  # of the way from the mouth's line to the outline, where a lip bulges most
GLOSS = 0.16  # linear light that a full gloss adds where the lips catch most
WINDOW = 0.20  # and what it mirrors of a window on the lower lip
STYLES = {"full": 1, "ombre": 2, "two_tone": 2, "liner": 2}
"""Styles, and how many colours each takes."""


class LipsRenderer:
    """Draws lipstick on every face's lips."""

    part = Part.LIPS

    def supports(self, layer: LipsLayer) -> bool:
        return layer.finish in LipFinish and len(layer.colours) == STYLES.get(layer.style)

    def draw(self, canvas: Array, scan: Scan, layer: LipsLayer) -> Drawn:
        faces, lips = scan.faces or (), scan.lips or ()
        for one in lips:
            paint_lips(canvas, one, faces[one.face].landmarks, layer, light_of(scan))
        confidence = float(np.mean([faces[one.face].score for one in lips])) if lips else 0.0
        return Drawn(len(lips), len(faces) - len(lips), confidence)


def paint_lips(canvas: Array, lips: Lips, landmarks: Array, layer: LipsLayer, light: Array) -> None:
    """Lay one mouth's lipstick. landmarks: of its face; light: (3,) gains of the photo's light."""
    mask, material = lips.mask, material_of(layer.finish)
    ground = linear(canvas[mask.box.slices]) / light
    place = LipPlace.of(landmarks, mask.box)
    weight = mask.alpha.astype(np.float32) / 255
    core = mask.alpha > 200 if np.count_nonzero(mask.alpha > 200) > 16 else mask.alpha > 0
    y = np.maximum(luminance(ground), 1e-3)
    middle = float(np.median(y[core]))
    smooth = _smooth(y, weight, middle, max(1.0, 0.035 * mask.box.shape[1]))
    specular = np.maximum(y - HIGHLIGHT * np.maximum(smooth, 0.6 * middle), 0)
    relief = np.clip((y - specular) / middle, LOWEST, HIGHEST)
    pressed = relief ** ((0.95 - 0.25 * material.roughness) * form_told(middle))
    pressed = pressed / float(np.median(pressed[core]))
    colour = _coloured(place, layer)
    # What covers well is laid on thicker: two coats of a sheer colour, more than three of a matte one.
    hiding = 1 - (1 - material.coverage) ** (2 + 6 * max(0.0, material.coverage - 0.6))
    bare = np.clip(ground - specular[..., None], 0, 1) / relief[..., None]
    lit = coated(bare, colour, hiding) * pressed[..., None]
    catch = _catch(smooth, core)
    if material.metalness or material.flake_density:
        lit = _shining(lit, colour, place, material, pressed, catch)
    keep = 0.15 + 1.15 * np.sqrt(material.clear_coat)
    shine = keep * specular + _gloss(place, material, catch, y / smooth, middle)
    paint = lit + shine[..., None] * (1 - 0.6 * np.clip(lit, 0, 1))
    lay(canvas, mask, paint * light, layer.opacity)


def _smooth(y: Array, weight: Array, middle: float, sigma: float) -> Array:
    """(h, w) the lips' smooth shading; skin and teeth beside them stay out of it."""
    calm: Array = np.minimum(y, 2 * middle) * weight
    blurred = cv2.GaussianBlur(calm, (0, 0), sigma)
    smooth: Array = blurred / np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-2)
    return np.maximum(smooth, 1e-3)


def _catch(smooth: Array, core: Array) -> Array:
    """(h, w) 0 to 1: how much more light the lips catch here than elsewhere."""
    low, high = np.percentile(smooth[core], [70, 99])
    caught: Array = np.clip((smooth - low) / max(float(high - low), 1e-3), 0, 1) ** 2
    return caught


def _coloured(place: LipPlace, layer: LipsLayer) -> Array:
    """(h, w, 3) float32 pigment: one colour; outer edge, middle; upper, lower lip; line, fill."""
    first, *rest = (swatch.linear.astype(np.float32) for swatch in layer.colours)
    if not rest:
        return np.broadcast_to(first, (*place.x.shape, 3))
    match layer.style:
        case "two_tone":
            share = 1 - place.upper
        case "liner":
            line = layer.liner_mm / MOUTH_MM
            soft = max(0.2 * line, 0.8 / place.width)
            share = _rise(place.from_edge, line - soft, line + soft)
        case _:
            inside = _rise(place.from_edge, 0.025, 0.125)
            share = inside * (1 - _rise(np.abs(place.x - 0.5), 0.18, 0.46))
    mixed: Array = first + (rest[0] - first) * share[..., None]
    return mixed.astype(np.float32)


def _shining(
    lit: Array, colour: Array, place: LipPlace, material: Material, relief: Array, catch: Array
) -> Array:
    """Metal and mica on the bulge of each lip; gratings spread the light that they mirror into its colours."""
    bulge = np.exp(-0.5 * ((place.across - CREST) / 0.20) ** 2)
    facing = bulge * np.exp(-0.5 * ((place.x - 0.5) / 0.26) ** 2)
    facing = np.clip(0.55 * facing + 0.65 * catch, 0, 1)
    mm = MOUTH_MM / place.width
    mica = sparkle(place.x * MOUTH_MM, (place.across * (2 * place.upper - 1)) * 9.0, mm, material)
    soft = np.sqrt(relief)
    mirrored = (0.50 + 1.75 * facing) * soft * (0.75 + 0.25 * mica)
    metal = lit * (1 - material.metalness) + colour * (material.metalness * mirrored)[..., None]
    pale = 0.6 * np.sqrt(np.maximum(colour, 1e-4)) + 0.4 * colour
    flash = (material.flake_density * (0.14 + 0.86 * facing) * mica * soft)[..., None]
    light = metal + pale * flash * np.float32(0.55)
    if material.grating:
        aside = np.abs(place.x - 0.5) * 0.9 + np.abs(place.across - CREST) * 0.35
        path = np.float32(1000 * material.grating_um) * (aside + 0.10 * (mica - 1))
        spread = (material.grating * (0.06 + 0.94 * facing) * soft * np.minimum(mica, 2))[..., None]
        light = light * (1 - 0.25 * material.grating) + rainbow(
            path.astype(np.float32)
        ) * spread * np.float32(0.75)
    shining: Array = light
    return shining


def _gloss(place: LipPlace, material: Material, catch: Array, lines: Array, middle: float) -> Array:
    """(h, w) light that a clear film adds: where the lips catch light, and a window on the lower lip, broken by their
    lines.
    """
    wet = material.clear_coat**1.2
    smooth = max(0.0, 1 - 3 * material.clear_coat_roughness)
    window = np.exp(-0.5 * ((place.across - 0.50) / 0.13) ** 2) * np.exp(
        -0.5 * ((np.abs(place.x - 0.5) - 0.03) / 0.11) ** 2
    )
    window = window * (1 - 0.75 * place.upper) * np.clip(lines, 0.6, 1.4) ** 4
    bright = min(1.0, 0.35 + 2.2 * middle)
    gloss: Array = wet * GLOSS * catch + WINDOW * wet * smooth * bright * window
    return gloss.astype(np.float32)


def _rise(x: Array, start: float, end: float) -> Array:
    """0 to 1, smoothly, while x goes from start to end."""
    t = np.clip((x - start) / (end - start), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth
