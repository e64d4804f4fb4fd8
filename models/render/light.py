"""Between 8-bit sRGB and linear light by tables, and the one place where pixels are written."""

from __future__ import annotations

import cv2
import numpy as np

from looks.colour import linear_to_srgb, srgb_to_linear
from models.types import Array, Box, Mask

STEPS = 1 << 14  # of the way back; finer than an 8-bit step at the dark end (12.92 · 255 / 2^14 = 0.2)
_TO_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
_TO_SRGB = np.round(linear_to_srgb(np.arange(STEPS) / (STEPS - 1)) * 255).astype(np.uint8)
DARK, DEEP = 0.16, 0.02  # luminance of skin and lips between which what is mirrored gains weight
MIRRORED = 0.55
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # IEC 61966-2-1


def under_white(rgb: Array, light: Array) -> Array:
    """(h, w, 3) uint8 sRGB to the float32 linear light that white light would make of it; light: (3,) gains."""
    tables = (_TO_LINEAR[:, None] / light).astype(np.float32)
    seen: Array = cv2.LUT(np.ascontiguousarray(rgb), tables[None])
    return seen


def linear(rgb: Array) -> Array:
    """uint8 sRGB to float32 linear light in [0, 1]."""
    if rgb.ndim == 3 and rgb.flags.c_contiguous:
        looked_up: Array = cv2.LUT(rgb, _TO_LINEAR)
        return looked_up
    light: Array = _TO_LINEAR[rgb]
    return light


def encoded(light: Array) -> Array:
    """Linear light to uint8 sRGB, clipped."""
    step = np.clip(light, 0, 1)
    step *= STEPS - 1
    step += 0.5
    rgb: Array = _TO_SRGB.take(step.astype(np.uint16))
    return rgb


def in_each(one: Array) -> Array:
    """(h, w) float32 as (h, w, 3), the same in each channel: many times faster to reckon with than (h, w, 1)."""
    three: Array = cv2.merge([one, one, one])
    return three


def luminance(light: Array) -> Array:
    """(..., 3) linear light to (...,) relative luminance."""
    y: Array = light @ LUMINANCE
    return y


def lay(canvas: Array, mask: Mask, paint: Array, coverage: float | Array) -> None:
    """Blend linear paint (h, w, 3) over the canvas in the mask's box; pixels with alpha 0 keep their bytes.

    coverage: share of the paint where the mask is full, one number or (h, w).
    """
    window = canvas[mask.box.slices]
    share = np.float32(1 / 255) * mask.alpha * np.asarray(coverage, np.float32)
    ground = linear(np.ascontiguousarray(window))
    blend = paint - ground
    blend *= in_each(share)
    blend += ground
    window[...] = cv2.copyTo(encoded(blend), mask.alpha, window.copy())


def shift(canvas: Array, box: Box, where: Array, change: Array) -> None:
    """Add linear light, (n, 3), to n pixels of the box, the others keep theirs; where: places in the flattened box."""
    window = canvas[box.slices]
    flat = window.reshape(-1, 3)
    flat[where] = encoded(linear(flat[where]) + change)
    window[...] = flat.reshape(window.shape)


def form_told(level: float) -> float:
    """Share of a surface's changes of light, in logarithms, that are its form: what a dark one mirrors rivals what it
    scatters, and would pass for form under a paler paint.

    level: the luminance in its middle.
    """
    return 1 - MIRRORED * float(np.clip((DARK - level) / (DARK - DEEP), 0, 1))
