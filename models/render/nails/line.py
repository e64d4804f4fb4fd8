"""The cat-eye's line of light, where a magnet has turned the flakes to the viewer."""

from __future__ import annotations

import numpy as np

from looks.material import Material
from models.render.nails.surface import Surface
from models.types import Array


def band(surface: Surface, material: Material) -> Array:
    """(h, w) 0 to 1: a sharp core in a soft glow about the line, which may lie slanted."""
    slant = np.tan(np.radians(np.clip(material.line_angle_deg, -80, 80)))
    sideways = surface.across * np.float32(slant * surface.width_px / 2 / surface.length_px)
    # The glow bends with the plate: towards its sides the flakes that face the viewer lie nearer to the cuticle.
    bent = np.float32(0.10) * surface.across**2 * np.float32(np.cos(np.radians(material.line_angle_deg)) ** 2)
    away = (surface.along - material.line_position - sideways + bent) / max(material.line_width, 0.03)
    light: Array = 0.5 * np.exp(-(away**2)) + 0.5 * np.exp(-((away / 0.40) ** 2))
    return light
