"""Eyes: shadow in the zones of the lids, liner along the lashes, lashes; the eyeball is never painted."""

from __future__ import annotations

import numpy as np

from looks.layer import Eyes
from looks.material import Material, material_of
from models.render.face import lashes, liner, shadow
from models.render.face.by_eye import drawn_by_eye
from models.render.face.ground import Ground, Wearer
from models.render.face.powder import filmed, highlights_kept, sheen
from models.render.face.sparkle import sparkle
from models.render.face.strokes import drawn
from models.render.renderer import Drawn, Part
from models.segment.face.eye import Eye, Places
from models.types import Array, Box, Scan

EYE_MM = 30.0  # between the corners
TEXTURE = 0.020  # eye widths: finer than this is the lid's own grain and stays
LOW, HIGH = (-0.30, -0.30), (1.45, 0.95)  # of what a shadow, a line or lashes may touch, in eye widths
FREE_ENOUGH = 0.45  # of what is to be painted
COATS = 1.9  # strokes of the brush
OPAQUE = 0.93  # contrast that a liner hides
STYLES = frozenset({"shadow", *liner.LINES, *lashes.FANS})


class EyesRenderer:
    """Draws Eyes on every face, on those of its eyes that face the camera and are free."""

    part = Part.EYES

    def supports(self, layer: Eyes) -> bool:
        return layer.style in STYLES and 1 <= len(layer.colours) <= 5

    def draw(self, canvas: Array, scan: Scan, layer: Eyes) -> Drawn:
        return drawn_by_eye(canvas, scan, lambda wearer, eye: _paint(canvas, wearer, eye, layer))


def _paint(canvas: Array, wearer: Wearer, eye: Eye, layer: Eyes) -> bool:
    box = eye.box(canvas.shape, LOW, HIGH)
    if box is None:
        return False
    if layer.style == "shadow":
        return _shade(canvas, wearer, eye, box, layer)
    if layer.style in liner.LINES:
        cover: Array = liner.share(eye, box, liner.LINES[layer.style]) * eye.places(box).skin(0.0)
        return _opaque(canvas, wearer, eye, box, cover, layer)
    fan = lashes.FANS[layer.style]
    cover = drawn(box, lashes.hairs(eye, fan)) * eye.places(box).skin(0.0) * lashes.strength(eye, fan)
    return _opaque(canvas, wearer, eye, box, cover, layer)


def _opaque(canvas: Array, wearer: Wearer, eye: Eye, box: Box, cover: Array, layer: Eyes) -> bool:
    """Ink or hair: the colour in the skin's light, with the product's own gleam."""
    ground = Ground.of(canvas, box, wearer, 3 * TEXTURE * eye.width)
    if _hidden(cover, ground.free):
        return False
    material, colour = material_of(layer.finish), layer.colours[0].linear.astype(np.float32)
    shade = np.clip(ground.shade, 0.25, 1.6)[..., None]
    film = filmed(ground.smooth / np.maximum(ground.shade, 0.02)[..., None], colour, OPAQUE)
    light = film * shade
    if material.flake_density:
        light = light + _gleam(ground, eye, eye.places(box), colour, material)
    return ground.lay(canvas, cover * ground.free * layer.opacity, light)


def _shade(canvas: Array, wearer: Wearer, eye: Eye, box: Box, layer: Eyes) -> bool:
    """Powder on the lids."""
    ground, places = Ground.of(canvas, box, wearer, TEXTURE * eye.width), eye.places(box)
    material = material_of(layer.finish)
    shares = shadow.shares(places, len(layer.colours))
    whole: Array = np.maximum.reduce(shares)
    if _hidden(whole, ground.free):
        return False
    shade = ground.shade[..., None]
    albedo = ground.smooth / shade
    shine = np.zeros_like(albedo)
    hiding = 1 - (1 - material.coverage) ** COATS
    for swatch, share in zip(layer.colours, shares, strict=True):
        colour, much = swatch.linear.astype(np.float32), (share * layer.opacity)[..., None]
        albedo = albedo + (filmed(albedo, colour, hiding) - albedo) * much
        shine = shine * (1 - much)
        if material.flake_density or material.clear_coat:
            shine = shine + _gleam(ground, eye, places, colour, material) * much
    # Lashes over the lid keep their own colour: powder does not hold on them.
    hair = np.clip(1.6 * (0.62 - _darkness(ground)), 0, 1)
    keep = 1 + (highlights_kept(material) - 1) * whole
    light = ground.relit(albedo * shade, keep) + shine
    return ground.lay(canvas, (whole > 0.004) * ground.free * np.clip(0.35 + hair, 0, 1), light)


def _darkness(ground: Ground) -> Array:
    """(h, w) 0 to 1: how much darker a pixel is than the lid about it."""
    y, soft = ground.seen.mean(-1), np.maximum(ground.smooth.mean(-1), 1e-3)
    dark: Array = np.clip(1 - y / soft, 0, 1)
    return dark


def _gleam(ground: Ground, eye: Eye, places: Places, colour: Array, material: Material) -> Array:
    """(h, w, 3) what mica on the lid sends back: most in the middle of the lid, which bulges to the light."""
    mm = EYE_MM / eye.width
    mica = sparkle(places.x * EYE_MM, places.y * EYE_MM, mm, material)
    rise = places.rise()
    bulge = np.exp(-0.5 * ((rise - 0.55) / 0.5) ** 2) * np.exp(-0.5 * ((places.x - 0.5) / 0.28) ** 2)
    return sheen(ground, colour, material, bulge.astype(np.float32), mica)


def _hidden(share: Array, free: Array) -> bool:
    total = float(share.sum())
    return total <= 0 or float((share * free).sum()) < FREE_ENOUGH * total
