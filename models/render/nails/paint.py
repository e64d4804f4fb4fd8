"""The one way a material is laid on a nail: coats over it, in the photo's shading, under highlights of photo and gloss.

All in linear light. Nothing here asks for a finish by name: looks/material.py says what each is.
"""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from looks.material import Material
from models.render.light import luminance
from models.render.nails.coat import coated
from models.render.nails.effect import Scene, effect, has_effect
from models.render.nails.pigment import Pigment
from models.render.nails.relief import Bumps, bumps
from models.render.nails.room import WINDOW, room, seen, window_at
from models.render.nails.surface import Surface
from models.render.shading import Shading
from models.types import Array, Mask

TEXTURE = 0.25  # share of the nail's fine relief that shows through the polish
GRAIN = 0.025  # of the nail's width: coarser texture is no relief
RIM = 0.06  # darkening at the edge, where a lacquer is rounded and turns away from the light
GLOSS = (
    0.26  # peak of a full gel top coat's own highlight: 4 % of a window six times as bright as what it lights
)
BLUR = 0.075  # roughness at which that peak has fallen to a half
PHOTO_BLUR = 0.2  # the same for highlights that the photo has already
STRONG, ENOUGH = (
    0.25,
    0.05,
)  # a highlight that tells where the window is; the share of the nail that it then covers
OPAQUE = 0.995
NATURAL, SPREAD = 0.12, 0.10  # slopes over which a bare nail, and the light itself, spread a highlight
DARKEST, DIMMEST = 1e-4, 0.05


def painted(
    ground: Array,
    mask: Mask,
    surface: Surface,
    shading: Shading,
    pigment: Pigment,
    material: Material,
    coats: int,
    key: Array,
    seed: int = 0,
) -> Array:
    """(h, w, 3) linear light of a nail's box with this material on it.

    ground: (h, w, 3) linear light of the photo; key: the light's direction as `key_light` gives it; seed: moves flakes
    and bumps.
    """
    window = window_at(key, surface.side, surface.ahead)
    relief, slopes = lit(shading, surface.width_px), surface.slopes
    if material.relief_um:
        found = bumps(surface, material, seed)
        slopes = slopes[0] + found.across, slopes[1] + found.along
        relief = relief * _on_bumps(found, surface, key)
    relief = relief * _rim(mask, surface.width_px, RIM)
    share = 1 - (1 - material.coverage) ** coats
    bare = np.maximum(ground - shading.specular[..., None], DARKEST)
    if has_effect(material):
        scene = Scene(surface, slopes, relief, window, shading.core, seed)
        layer, hides = effect(pigment.colour, scene, material)
        body = _over(bare, layer, share + (1 - share) * hides)
    elif share >= OPAQUE:
        body = pigment.colour * relief[..., None]
    else:
        falling = np.maximum(relief, DIMMEST)[..., None]
        body = coated(np.minimum(bare / falling, 1), pigment.colour, share) * falling
    glare = _highlights(surface, shading, pigment, material, window, _level(ground, shading))
    finished: Array = body + glare * (1 - np.float32(0.4) * body)
    return finished


def lit(shading: Shading, width_px: float) -> Array:
    """(h, w) the light that a smooth nail receives in the photo, 1 in its middle outside highlights.

    Only the fine part of its texture is relief; steps are half moons, free edges and older polish.
    """
    fine = shading.texture / cv2.GaussianBlur(shading.texture, (0, 0), max(0.8, GRAIN * width_px))
    relief = shading.diffuse * (1 + np.float32(TEXTURE) * (np.clip(fine, 0.92, 1.08) - 1))
    calm = shading.core & (shading.specular < 0.01)
    middle: Array = relief / max(float(np.median(relief[calm if calm.any() else shading.core])), 0.05)
    return middle


def seed_of(*words: object) -> int:
    """A number for these words, the same on every machine."""
    return zlib.crc32(" ".join(map(str, words)).encode())


def _over(ground: Array, layer: Array, share: Array) -> Array:
    """A layer over a ground: as much of the ground's optical density goes as the layer hides (Bouguer's law), so that
    dyes filter what lies beneath and pigments hide it.
    """
    log = np.log(ground)
    found: Array = np.exp(
        log + (np.log(np.maximum(layer, DARKEST)) - log) * share[..., None].astype(np.float32)
    )
    return found


def _rim(mask: Mask, width_px: float, depth: float) -> Array:
    """A soft darkening along the outline, (h, w)."""
    sigma = max(0.6, 0.05 * width_px)
    near = cv2.GaussianBlur(mask.alpha.astype(np.float32) / 255, (0, 0), sigma)
    rim: Array = 1 - np.float32(depth) * np.clip((0.97 - near) / 0.45, 0, 1)
    return rim


def _on_bumps(found: Bumps, surface: Surface, key: Array) -> Array:
    """(h, w) the light on bumps relative to that on a smooth nail: bright towards the key light, dark between them."""
    towards = np.float32(key @ surface.side) * found.across + np.float32(key @ surface.ahead) * found.along
    light: Array = np.clip(1 + 1.1 * towards + 0.10 * np.minimum(found.height, 0.5), 0.35, 1.5)
    return light


def _highlights(
    surface: Surface,
    shading: Shading,
    pigment: Pigment,
    material: Material,
    window: tuple[float, float],
    level: float,
) -> Array:
    """(h, w, 3) what the clear coat mirrors: the photo's highlights, and the window where the photo shows none."""
    rough = material.clear_coat_roughness
    own = float(np.mean(np.minimum(shading.specular[shading.core] / STRONG, 1)))
    keep = material.clear_coat / (1 + (rough / PHOTO_BLUR) ** 2)
    # A lacquer is smoother than the nail: what it mirrors has no torn edges.
    mirrored = cv2.GaussianBlur(shading.specular, (0, 0), max(0.5, GRAIN * surface.width_px))
    light = _sharpened(mirrored, shading.core, rough) * np.float32(keep)
    peak = material.clear_coat * GLOSS / (1 + (rough / BLUR) ** 2) * max(0.0, 1 - own / ENOUGH) * level
    if peak > 0.002:
        across, along = surface.slopes
        glare = seen(room(*window, round(0.035 + rough, 3)), across, along)
        fresnel = 1 + 24 * (1 - surface.normal[..., 2]) ** 5  # Schlick, over 4 % at normal incidence
        light = light + np.float32(peak / WINDOW) * np.maximum(glare - 1.0, 0) * fresnel
    if not material.metalness:
        return light[..., None]
    hue = pigment.colour / np.maximum(pigment.colour.max(axis=-1, keepdims=True), DARKEST)
    metal: Array = light[..., None] * (1 + np.float32(0.75 * material.metalness) * (hue - 1))
    return metal


def _sharpened(mirrored: Array, core: Array, rough: float) -> Array:
    """The bare nail's highlight on a smoother surface: the same light in a narrower and brighter lobe."""
    narrower = (NATURAL**2 + SPREAD**2) / (rough**2 + SPREAD**2)
    peak = float(np.percentile(mirrored[core], 99.5))
    if narrower <= 1 or peak < DARKEST:
        return mirrored
    sharp: Array = np.float32(peak * narrower) * np.minimum(mirrored / np.float32(peak), 1) ** np.float32(
        narrower
    )
    return sharp


def _level(ground: Array, shading: Shading) -> float:
    """How bright the photo's light is, told by the nail's brightest part: a dim room has dim reflections."""
    brightest = float(np.percentile(luminance(ground)[shading.core], 95))
    return float(np.clip(np.sqrt(brightest / 0.5), 0.6, 1.1))
