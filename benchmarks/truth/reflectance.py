"""How lit surfaces reflect, apart from any renderer of ours.

Lambert's diffuse part and Beckmann's microfacets with Schlick's Fresnel term (Cook and Torrance 1982), a two-flux
film for what does not hide (Kubelka and Munk 1931), and a room of Gaussian lobes for what mirrors.
"""

from __future__ import annotations

import numpy as np

from benchmarks.truth.palette import Light
from models.types import Array

F0 = 0.043  # lacquer and keratin alike, refractive index 1.5 to 1.54
SHEEN = 0.006  # what a room's walls add everywhere, at normal incidence, where the camera stands before them


def irradiance(normal: Array, light: Light) -> Array:
    """(h, w) key light and sky on a surface, not yet normalised."""
    key = np.clip(normal @ _unit(light), 0, None)
    sky = 0.6 + 0.4 * normal[..., 2]
    lit: Array = light.key * key + (1 - light.key) * sky
    return lit


def glint(normal: Array, light: Light, roughness: float) -> Array:
    """(h, w) light mirrored by a smooth dielectric in the unit of `irradiance`; roughness: root mean square slope."""
    to_light = _unit(light)
    half = to_light + np.array([0.0, 0.0, 1.0])
    half = half / np.linalg.norm(half)
    cosine = np.clip(normal @ half, 1e-3, 1)
    width = roughness**2 + light.spread**2
    lobe = np.exp((cosine**2 - 1) / (cosine**2 * width)) / (np.pi * width * cosine**4)
    fresnel = F0 + (1 - F0) * (1 - half[2]) ** 5
    facing = np.clip(normal[..., 2], 0.1, 1)
    rim = SHEEN * (F0 + (1 - F0) * (1 - facing) ** 5) / F0
    mirrored: Array = light.key * fresnel * lobe * np.pi / (4 * facing) + np.minimum(rim, 0.2)
    return mirrored


def scattered(light: Light, roughness: float) -> float:
    """What a rough surface mirrors when a swatch is measured at 45°/0° (CIE 15): part of the swatch already."""
    width = roughness**2 + light.spread**2
    cosine = np.cos(np.radians(22.5))
    lobe = np.exp((cosine**2 - 1) / (cosine**2 * width)) / (np.pi * width * cosine**4)
    return float(light.key * F0 * lobe * np.pi / 4)


def room(normal: Array, light: Light, roughness: float) -> Array:
    """(h, w) what a mirror shows: a window where the key light is, a ceiling, a darker floor; about 1."""
    across, down = normal[..., 0], normal[..., 1]
    half = _unit(light) + np.array([0.0, 0.0, 1.0])
    half = half / np.linalg.norm(half)
    width = roughness**2 + (1.2 * light.spread) ** 2
    window = np.exp(-((across - half[0]) ** 2 + 0.4 * (down - half[1]) ** 2) / (2 * width))
    ceiling = 1 / (1 + np.exp((np.abs(across) - 0.45) / (0.08 + roughness)))
    seen: Array = 0.45 + 0.55 * ceiling + 2.2 * window * (light.spread**2 / width) ** 0.5
    return seen


def film_over(ground: Array, masstone: Array, hiding: float) -> Array:
    """(h, w, 3) reflectance of a film that hides this share of a black and white ground, over a ground.

    masstone: (3,) reflectance of the film when nothing shows through.
    """
    low, high = 1e-4, 40.0
    for _ in range(50):
        depth = np.sqrt(low * high)
        black, white = (_two_flux(np.full(3, g), masstone, depth) for g in (0.02, 0.85))
        contrast = float(np.mean((white - black) / 0.83))
        low, high = (depth, high) if contrast > 1 - hiding else (low, depth)
    return _two_flux(ground, masstone, high)


def _two_flux(ground: Array, masstone: Array, depth: float) -> Array:
    """Kubelka and Munk's reflectance over a ground; depth: scattering coefficient times thickness."""
    infinite = np.clip(masstone, 0.004, 0.96)
    a = 1 + (1 - infinite) ** 2 / (2 * infinite)
    b = np.sqrt(a * a - 1)
    turned = b / np.tanh(np.minimum(b * depth, 40.0))
    reflected: Array = (1 - ground * (a - turned)) / (a - ground + turned)
    return reflected


def _unit(light: Light) -> Array:
    to_light = np.array(light.direction)
    unit: Array = to_light / np.linalg.norm(to_light)
    return unit
