"""Lit skin, behind a nail's cuticle or of a face: what tells the light's colour, and what a person's own colour is."""

from __future__ import annotations

import numpy as np

from looks.colour import srgb_to_linear
from models.types import Array, Mask, Nail

BEHIND, BEHIND_END, BESIDE = 0.12, 0.60, 0.55
"""Where it is looked for: behind the cuticle, in lengths of the nail, and beside its axis, in half widths."""
LEAST_PX = 12
FACE_LEAST_PX, ENOUGH_PX = 60, 20_000
SURELY = 200  # of 255: where a mask's edge does not reach
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)


def skin_behind(rgb: Array, nail: Nail) -> Array | None:
    """(3,) linear light of lit skin in a (h, w, 3) uint8 photo; None where too little is seen."""
    cuticle, edge = nail.axis.astype(np.float64)
    length = float(np.hypot(*(edge - cuticle)))
    if length < 2:
        return None
    ahead = (edge - cuticle) / length
    far = cuticle - ahead * length * BEHIND_END
    reach = nail.width_px
    low = np.floor(np.minimum(cuticle, far) - reach).astype(int).clip(0)
    high = np.ceil(np.maximum(cuticle, far) + reach).astype(int)
    window = rgb[low[1] : high[1], low[0] : high[0]]
    if window.size == 0:
        return None
    y, x = np.mgrid[0 : window.shape[0], 0 : window.shape[1]]
    dx, dy = x + low[0] + 0.5 - cuticle[0], y + low[1] + 0.5 - cuticle[1]
    behind = -(dx * ahead[0] + dy * ahead[1]) / length
    beside = np.abs(dy * ahead[0] - dx * ahead[1]) / (nail.width_px / 2)
    seen = window[(behind > BEHIND) & (behind < BEHIND_END) & (beside < BESIDE)]
    return _middle(seen, LEAST_PX)


def lit_skin(rgb: Array, mask: Mask) -> Array | None:
    """(3,) linear light of lit skin under a mask of a (h, w, 3) uint8 photo; None where too little is seen."""
    step = max(1, int(np.sqrt(mask.alpha.size / ENOUGH_PX)))
    seen, alpha = rgb[mask.box.slices][::step, ::step], mask.alpha[::step, ::step]
    return _middle(seen[alpha > SURELY], FACE_LEAST_PX)


def _middle(seen: Array, least: int) -> Array | None:
    light = _LINEAR[seen[(seen > 1).all(axis=-1) & (seen < 253).all(axis=-1)]]
    if len(light) < least:
        return None
    y_of = light @ LUMINANCE
    # The shaded side takes colour from its surroundings, the brightest part shows highlights.
    lit = light[(y_of >= np.percentile(y_of, 35)) & (y_of <= np.percentile(y_of, 85))]
    middle: Array = np.median(lit, axis=0)
    return middle
