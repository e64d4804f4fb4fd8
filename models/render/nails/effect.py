"""What metal, flakes, films, gratings and a magnet make of a lacquer's plain colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.material import Material
from models.render.light import luminance
from models.render.nails.film import film, rainbow
from models.render.nails.flakes import TILT, coarser, finer, scattered
from models.render.nails.line import band
from models.render.nails.room import HALF_LONG, room, seen
from models.render.nails.surface import Surface
from models.types import Array

KNEE = 0.72  # linear light above which mirrored light is compressed, as a camera does
WHITE = 6.0  # excess over it at which half of the hue is gone
FRONT = 0.95  # cosine of the angle under which most of a nail is seen
FILM_TILT = 0.35  # how much a flake's own tilt changes the colour of its film
DARK, LINE_LIGHT = 0.30, 4.2  # of the lacquer beside a cat-eye's line, and of its flakes on the line
GLINT = 0.22  # white share of a flake's flash, from the clear lacquer on it
LIT_ALL_ROUND = 0.38  # share of a flake's light that comes from everywhere, through the lacquer
SOLID_UM = (
    150.0  # flakes of this size are foil, which hides; finer ones are mica, which lets half of the light pass
)
LEAST_Y = 1e-3


def has_effect(material: Material) -> bool:
    """Whether the material is more than a pigment in a binder."""
    return bool(
        material.metalness or material.flake_density or material.film or material.grating or material.line
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """What light meets on one nail. slopes: (h, w) each, across and along, with bumps; relief: (h, w) the photo's
    shading, about 1; window: as `window_at` gives it; core: bool, where means are taken; seed: moves flakes.
    """

    surface: Surface
    slopes: tuple[Array, Array]
    relief: Array
    window: tuple[float, float]
    core: Array
    seed: int

    def mirrored(self, spread: float, anisotropy: float = 0.0) -> Array:
        """(h, w) the room in a surface of this roughness."""
        return seen(room(*self.window, round(spread, 3), anisotropy), *self.slopes)


def effect(colour: Array, scene: Scene, material: Material) -> tuple[Array, Array]:
    """(h, w, 3) linear light of the coloured layer, and (h, w) how much of what lies beneath its particles hide.

    colour: (h, w, 3) pigment.
    """
    plain = colour * scene.relief[..., None]
    light, soft, hides = plain, np.sqrt(scene.relief), np.zeros(scene.relief.shape, np.float32)
    if material.metalness:
        spread = 0.7 * material.roughness**2 + 0.5 * material.flake_tilt * TILT * material.flake_density
        mirrored = scene.mirrored(spread, material.anisotropy)
        mirrored = mirrored / _middle(mirrored, scene.core) * soft
        light = light + (colour * mirrored[..., None] - light) * np.float32(material.metalness)
    glow = band(scene.surface, material) if material.line else None
    if glow is not None:
        light = light * (1 - np.float32(material.line) * (1 - DARK) * (1 - 0.55 * glow))[..., None]
    if material.flake_density:
        light, hides = _flaked(light, colour, soft, scene, material, glow)
    else:
        if material.film:
            light = light * _tint(scene.surface.normal[..., 2], material)
        if material.grating:
            light = (
                light * (1 - 0.4 * material.grating)
                + _holo(*scene.slopes, scene.window, material) * soft[..., None]
            )
    if glow is None:
        light = light * _gain(light, plain, scene.core)
    return _shoulder(light), hides


def _flaked(
    light: Array, colour: Array, soft: Array, scene: Scene, material: Material, glow: Array | None
) -> tuple[Array, Array]:
    """The layer with its flakes, and how much they hide."""
    flakes, (across, along) = scattered(scene.surface, material, scene.seed), scene.slopes
    sharp = room(*scene.window, round(0.012 + 0.5 * material.roughness**2, 3))
    each = seen(sharp, finer(across) + flakes.across, finer(along) + flakes.along)
    cover = coarser(flakes.cover)
    all_of_them = scene.mirrored(float(np.hypot(0.03, material.flake_tilt * TILT)), material.anisotropy)
    mirrored = coarser(flakes.cover * each) * flakes.grain + cover * all_of_them * (1 - flakes.grain)
    glint = coarser(flakes.cover * np.maximum(each - 1.6, 0)) * np.float32(GLINT * flakes.grain)
    mirrored = mirrored * (1 - LIT_ALL_ROUND) + cover * LIT_ALL_ROUND
    solid = min(1.0, material.flake_size_um / SOLID_UM)
    strength = np.float32(0.42 + 0.50 * max(solid, material.metalness))
    # Mica is paler than the dye around it; aluminium that was dyed has its colour.
    pale = np.sqrt(np.maximum(colour, 1e-4)) * 0.7 + colour * 0.3
    shine = pale + (colour * 1.15 - pale) * min(1.0, 0.1 + material.metalness) * (
        1 - 0.6 * solid * (1 - material.metalness)
    )
    if glow is not None:
        mirrored = mirrored * (1 - material.line + material.line * (0.06 + LINE_LIGHT * glow))
        shine = shine + (pale - shine) * (material.line * glow)[..., None]
    mirrored = (mirrored * soft)[..., None]
    if material.film:
        tilted = coarser(np.hypot(flakes.across, flakes.along)) if flakes.grain > 0.5 else 0.0
        shine = shine * _tint(scene.surface.normal[..., 2] - FILM_TILT * tilted, material)
    if material.grating:
        turned = across + coarser(flakes.across) * (flakes.grain + 0.15)
        shine = shine * (1 - 0.45 * material.grating)
        shine = shine + _holo(turned, along, scene.window, material) * (0.35 + 0.65 * pale)
    share = (cover * strength)[..., None]
    covered = light * (1 - share) + (shine * mirrored + (glint * soft)[..., None]) * strength
    return covered, np.clip(cover, 0, 1) * np.float32(solid * 0.95)


def _holo(across: Array, along: Array, window: tuple[float, float], material: Material) -> Array:
    """(h, w, 3) the rainbow about the mirrored window: flakes lie every way, so it spreads to both sides of it."""
    aside = across - window[0]
    beyond = np.maximum(np.abs(along - window[1]) - HALF_LONG * 0.5, 0)
    path = np.float32(1000 * material.grating_um) * np.sqrt(aside * aside + 0.6 * beyond * beyond)
    found: Array = rainbow(path) * np.float32(1.5 * material.grating)
    return found


def _tint(cosine: Array, material: Material) -> Array:
    """(h, w, 3) how the film's colour differs from that seen from the front, which is part of the swatch."""
    front = film(np.full((1, 1), FRONT, np.float32), material.film_nm)
    tint: Array = 1 + np.float32(material.film) * (film(cosine, material.film_nm) - front)
    return tint


def _middle(light: Array, core: Array) -> float:
    """The median where the nail is well inside."""
    return max(float(np.median(light[core])), LEAST_Y)


def _gain(light: Array, wanted: Array, core: Array) -> float:
    """What brings the layer's luminance to that of its swatch, where it mirrors no window."""
    ratio = (luminance(light) + LEAST_Y) / (luminance(wanted) + LEAST_Y)
    return float(np.clip(1 / _middle(ratio, core), 0.5, 1.7))


def _shoulder(light: Array) -> Array:
    """Light with what is brighter than KNEE compressed below 1: its hue stays, and fades to white in glare."""
    brightest = np.maximum(light.max(axis=-1, keepdims=True), LEAST_Y)
    over = np.maximum(brightest - KNEE, 0)
    bent = np.minimum(brightest, KNEE) + over / (1 + over / np.float32(1 - KNEE))
    same_hue = light * (bent / brightest)
    found: Array = same_hue + (bent - same_hue) * (over / (over + np.float32(WHITE)))
    return found
