"""Powder and cream on skin: a thin film that filters and hides, its sheen where the skin already catches light."""

from __future__ import annotations

import numpy as np

from looks.material import Material
from models.render.face.ground import Ground
from models.render.nails.coat import coated
from models.types import Array

DULL, WET = 0.35, 1.25  # share of the skin's highlights under chalk, and under a wet film
GLOW = 0.55  # of the skin's level that pure mica adds where it faces the light
FACING = 0.15  # share of it that mica shows everywhere


def filmed(albedo: Array, colour: Array, hiding: float) -> Array:
    """(h, w, 3) reflectance of skin under a film of one colour that hides so much of a contrast."""
    masstone = colour.astype(np.float32).reshape(1, 1, 3)
    return coated(albedo, masstone, float(np.clip(hiding, 0.01, 0.97))).astype(np.float32)


def highlights_kept(material: Material) -> float:
    """Share of the skin's own highlights that are seen through the product."""
    smooth = 1 - material.roughness
    return float(DULL + (1 - DULL) * min(1.0, 1.6 * smooth) + (WET - 1) * material.clear_coat)


def sheen(ground: Ground, colour: Array, material: Material, facing: Array, mica: Array) -> Array:
    """(h, w, 3) light that a shining product adds. facing: (h, w) 0 to 1, how far it turns to the light; mica: (h, w)
    about 1.
    """
    flakes = material.flake_density * (0.55 + 0.45 * material.metalness)
    wet = 0.5 * material.clear_coat * (1 - material.clear_coat_roughness)
    shade = np.minimum(ground.shade, 1.6)
    strength = np.float32(GLOW * ground.wearer.level) * np.sqrt(shade)
    tint = np.sqrt(np.maximum(colour, 1e-3)) * (1 - material.metalness) + colour * (0.35 + material.metalness)
    of_mica = (flakes * (FACING + (1 - FACING) * facing) * mica * strength)[..., None] * tint
    light: Array = of_mica + (wet * facing**2 * strength)[..., None]
    return light.astype(np.float32)


def catching(ground: Ground) -> Array:
    """(h, w) 0 to 1: how far the skin here catches more light than this part of the face does."""
    shade = ground.shade
    chosen = shade[ground.free > 0.5]
    if chosen.size < 16:
        return np.zeros_like(shade)
    low, high = np.percentile(chosen, [45, 98])
    found: Array = np.clip((shade - low) / max(float(high - low), 0.08), 0, 1)
    return found.astype(np.float32)
