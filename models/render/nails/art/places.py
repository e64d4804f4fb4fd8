"""Where things lie on a nail: in nail widths along its skin, from the middle line and from the cuticle."""

from __future__ import annotations

import numpy as np

from models.render.nails.surface import SIDE_TILT, Surface
from models.types import Array

Spot = tuple[float, float, float]
"""x, y, and a turn in radians, clockwise."""
SPREAD = (0.36, 0.42)  # how far scattered things lie from their middle, shares of width and length


def on_skin(surface: Surface) -> tuple[Array, Array]:
    """(h, w) x and y of each pixel; x follows the plate's curve, so that a print narrows towards the sides."""
    bent = np.arcsin(np.clip(surface.across, -1.15, 1.15) * np.sin(SIDE_TILT)) / (2 * np.sin(SIDE_TILT))
    return bent.astype(np.float32), surface.along * (surface.length_px / surface.width_px)


def scattered(middle: tuple[float, float], aspect: float, count: int, size: float, seed: int) -> list[Spot]:
    """Spots about a middle, as far apart as there is room for; the first asks for the most."""
    rng = np.random.default_rng(seed)
    spots: list[Spot] = []
    while len(spots) < count:
        for apart in np.linspace(1.25, 0.5, 60):
            x = float(np.clip(middle[0] + rng.uniform(-1, 1) * SPREAD[0], -0.42, 0.42))
            y = float(
                np.clip(middle[1] + rng.uniform(-1, 1) * SPREAD[1] * aspect, 0.1, max(aspect - 0.1, 0.1))
            )
            if all(np.hypot(x - there[0], y - there[1]) > apart * size for there in spots):
                break
        spots.append((x, y, float(rng.uniform(-0.5, 0.5))))
    return spots
