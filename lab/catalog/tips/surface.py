"""One surface and how a material on it meets the studio's light: paint, metal, flakes, films, clear coat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.catalog.tips.noise import cells, smooth
from lab.catalog.tips.studio import film, grating, mirrored, room, sparkle
from looks.material import Material
from models.render.sample.studio import lit
from models.types import Array

SHADE_POWER = 0.9


@dataclass(frozen=True, slots=True)
class Surface:
    """normal: (h, w, 3) unit; x, y: place in millimetres; ground: (h, w, 3) linear light of what lies beneath;
    inside: (h, w) bool; gloss: (h, w) the studio's reflection in a clear coat.
    """

    normal: Array
    x: Array
    y: Array
    ground: Array
    inside: Array
    gloss: Array

    @property
    def diffuse(self) -> Array:
        """(h, w) light that it receives, 1 in the middle."""
        light: Array = self.relative(lit(self.normal)) ** SHADE_POWER
        return light

    def relative(self, light: Array) -> Array:
        """Divided by what it is in the middle of the surface."""
        found: Array = light / max(float(np.median(light[self.inside])), 1e-3)
        return found


def painted(surface: Surface, material: Material, colour: Array, coats: int = 1, *, seed: int = 1) -> Array:
    """(h, w, 3) linear light of a material of this colour, (3,) or (h, w, 3) linear, on a surface."""
    normal = _bumpy(surface, material, seed)
    shade = surface.relative(lit(normal)) ** SHADE_POWER
    light = colour * shade[..., None]
    share = 1 - (1 - material.coverage) ** coats
    light = surface.ground + (light - surface.ground) * min(1.0, share * 1.06)
    if material.metalness:
        light = light + (_metal(surface, material, colour, normal) - light) * material.metalness
    if material.line:
        light = light * (0.34 + 1.05 * _line(surface, material))[..., None]
    if material.flake_density:
        light = _flaked(surface, material, colour, normal, light, seed)
    elif material.film:
        light = light * (1 + material.film * (film(normal[..., 2], material.film_nm) - 1))
    finished: Array = np.maximum(light, 0) + _coat(surface, material)[..., None]
    return finished


def _bumpy(surface: Surface, material: Material, seed: int) -> Array:
    """Normals with the material's relief."""
    if not material.relief_um:
        return surface.normal
    step_mm = abs(float(surface.x[0, 1] - surface.x[0, 0]))
    grain = material.relief_scale_um / 1000 / step_mm
    height = smooth(surface.x.shape, grain, seed) + 0.6 * smooth(surface.x.shape, grain * 0.55, seed + 1)
    down, right = np.gradient(height * material.relief_um / 1000 * 0.5, step_mm)
    normal = surface.normal - np.stack((right, down, np.zeros_like(right)), axis=-1)
    unit: Array = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def _metal(surface: Surface, material: Material, colour: Array, normal: Array) -> Array:
    """The room in a mirror of this colour."""
    seen = room(mirrored(normal), material.roughness)
    mirror: Array = colour * (0.28 + 0.80 * surface.relative(seen))[..., None]
    return mirror


def _line(surface: Surface, material: Material) -> Array:
    """(h, w) where the magnet has turned the flakes to the light: a soft band with a sharp core."""
    inside = surface.inside
    u = (surface.y.max() - surface.y) / (np.ptp(surface.y[inside]) + 1e-6)
    u = (u - u[inside].min()) / (np.ptp(u[inside]) + 1e-6)
    middle_x = float(surface.x[inside].mean())
    slope = np.tan(np.deg2rad(material.line_angle_deg)) * (surface.x - middle_x) / np.ptp(surface.y[inside])
    away = (u - material.line_position - slope) / max(material.line_width, 0.03)
    band: Array = 0.62 * np.exp(-(away**2)) + 0.55 * np.exp(-((away / 0.42) ** 2))
    return 1 - material.line + material.line * band


def _flaked(
    surface: Surface, material: Material, colour: Array, normal: Array, light: Array, seed: int
) -> Array:
    """Flakes over a coloured ground, each tilted its own way."""
    step_mm = abs(float(surface.x[0, 1] - surface.x[0, 0]))
    size = max(material.flake_size_um / 1000, 1.35 * step_mm)
    found = cells(surface.x, surface.y, size, seed)
    there = (found.chance < material.flake_density) * (0.35 + 0.65 * found.edge)
    tilt = found.tilt * material.flake_tilt * 0.75
    flash = sparkle(normal, tilt, 34)
    base = np.sqrt(np.maximum(colour, 1e-4)) * 0.55 + np.asarray(colour) * 0.45
    shine = base * (1 - 0.25 * (1 - material.metalness))
    if material.film:
        shine = shine * (
            1
            + material.film
            * (film(normal[..., 2] - 0.35 * np.hypot(*np.moveaxis(tilt, -1, 0)), material.film_nm) - 1)
        )
    if material.grating:
        rainbow = grating(normal, material.grating_um, 0.5 * tilt[..., 0])
        shine = shine * (1 - 0.7 * material.grating) + material.grating * 1.5 * rainbow * (
            0.55 + 0.45 * shine
        )
    glitter = shine * (0.62 * surface.diffuse + 1.9 * flash)[..., None]
    if material.line:
        glitter = glitter * _line(surface, material)[..., None] * 1.25
    strength = there * (0.35 + 0.6 * min(1.0, material.flake_size_um / 120))
    strength = np.clip(strength + 0.55 * material.grating * (there > 0), 0, 1)
    mixed: Array = light + (glitter - light) * strength[..., None]
    return mixed


def _coat(surface: Surface, material: Material) -> Array:
    """(h, w) reflection of the clear layer on top; a rough one spreads and fades it."""
    if material.clear_coat < 0.02:
        return np.zeros_like(surface.gloss)
    rough = material.clear_coat_roughness
    sharp: Array = material.clear_coat * surface.gloss / (1 + 9 * rough)
    return sharp
