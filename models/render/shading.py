"""Take a nail's picture apart: smooth diffuse shading, fine texture, specular highlights.

The dichromatic model (Shafer 1985): light = albedo · shading + specular, the specular part of the light's colour.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.render.light import luminance
from models.types import Array, Nail

HIGHLIGHT = 1.18  # times the smooth shading: brighter than this is specular
FREE_EDGE_HIGHLIGHT = 3.0  # the same over the free edge, whose white is the nail's own
LOWEST, HIGHEST = 0.35, 1.45  # of the shading relative to its median
FLOOR = 1e-3
RIDGE = np.array(
    [0, 1, 1, 2, 2, 20, 20, 2], np.float32
)  # along a plate little bends, and half moon and edge mislead
PATTERN = 0.30  # share of the nail at which bright places are no highlight any more


@dataclass(frozen=True, slots=True)
class Shading:
    """All (h, w) float32. diffuse: shading over its median; texture: fine rest, about 1; specular: linear light.

    across, along: place on the nail, -1 to 1 from side to side and 0 to 1 from cuticle to free edge; core: bool,
    well inside.
    """

    diffuse: Array
    texture: Array
    specular: Array
    across: Array
    along: Array
    core: Array


def place_on_nail(nail: Nail) -> tuple[Array, Array]:
    """Across and along for each pixel of the nail's box."""
    box = nail.mask.box
    x, y = np.meshgrid(
        np.arange(box.x0, box.x1, dtype=np.float32) + 0.5, np.arange(box.y0, box.y1, dtype=np.float32) + 0.5
    )
    cuticle, edge = nail.axis.astype(np.float32)
    direction = edge - cuticle
    length = max(float(np.hypot(*direction)), 1.0)
    direction = direction / length
    dx, dy = x - cuticle[0], y - cuticle[1]
    along = (dx * direction[0] + dy * direction[1]) / length
    across = (dy * direction[0] - dx * direction[1]) / (nail.width_px / 2)
    return across, along


def _terms(v: Array, u: Array) -> Array:
    """(n,) places to the polynomial's (n, 8) terms: quartic across, quadratic along, one twist."""
    squared = v * v
    return np.stack([np.ones_like(v), v, squared, squared * v, squared * squared, u, u * u, u * v], axis=-1)


def take_apart(light: Array, nail: Nail) -> Shading:
    """The shading of a nail whose box shows this linear light (h, w, 3).

    Log luminance is fitted robustly by a polynomial (quartic across, quadratic along), so that the half moon, the white
    free edge, old polish and dirt do not pass for shading.
    """
    across, along = place_on_nail(nail)
    core = nail.mask.alpha > 230
    if np.count_nonzero(core) < 24:
        core = nail.mask.alpha > 0
    y = np.maximum(luminance(light), FLOOR)
    log_y = np.log(y)
    v, u = np.clip(across, -1.2, 1.2), np.clip(along, -0.2, 1.2) * 2 - 1
    step = max(1, int(np.sqrt(np.count_nonzero(core) / 600)))
    chosen = core[::step, ::step]
    a, b = _terms(v[::step, ::step][chosen], u[::step, ::step][chosen]), log_y[::step, ::step][chosen]
    weight = np.ones_like(b)
    ridge = np.diag(RIDGE) * (0.004 * len(b) + 0.1)
    fit = np.zeros(a.shape[-1], np.float32)
    for _ in range(4):
        weighted = a * weight[:, None]
        fit = np.linalg.solve(weighted.T @ a + ridge, weighted.T @ b)
        rest = b - a @ fit
        scale = 1.48 * float(np.median(np.abs(rest))) + 0.02
        # Highlights and the free edge lie above the shading: what is brighter counts for less (Tukey's weights).
        distance = np.clip(rest / scale, -6.0, None) / np.where(rest > 0, 2.5, 6.0)
        weight = np.where(np.abs(distance) < 1, (1 - distance**2) ** 2, 0).astype(np.float32) + 1e-3
    c0, c1, c2, c3, c4, c5, c6, c7 = fit.astype(np.float32)
    smooth = np.exp(c0 + v * (c1 + v * (c2 + v * (c3 + v * c4))) + u * (c5 + u * c6 + v * c7))
    middle = float(np.median(smooth[core]))
    knee = HIGHLIGHT + (FREE_EDGE_HIGHLIGHT - HIGHLIGHT) * np.clip((along - 0.62) / 0.2, 0, 1)
    # All of the excess is mirrored light where it is plain, none where it may be texture.
    plain = np.clip((y / smooth - 1) / (knee - 1) - 0.5, 0, 1)
    specular = (y - smooth) * plain
    # A highlight is small; what covers a good part of the nail is a pattern of an older polish, and goes.
    spread = float(np.mean(specular[core] > 0.03))
    specular *= np.clip((PATTERN - spread) / (0.5 * PATTERN), 0, 1)
    texture = np.clip(y / smooth, 0.8, 1.2)
    return Shading(
        np.clip(smooth / middle, LOWEST, HIGHEST).astype(np.float32),
        cv2.GaussianBlur(texture.astype(np.float32), (0, 0), 0.7),
        specular.astype(np.float32),
        across,
        along,
        core,
    )
