"""Single hairs: bent lines that taper from root to tip, drawn finer than the photo's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array, Box

SHIFT = 4  # binary places below the pixel in which OpenCV draws
STEPS = np.linspace(0, 1, 9, dtype=np.float32)[None, :, None]
FINE_BELOW_PX = 90_000  # of a box: smaller ones are drawn finer


@dataclass(frozen=True, slots=True)
class Hairs:
    """n quadratic Bézier curves. roots, bends, tips: (n, 2) places in the photo; thick: (n,) pixels at the root."""

    roots: Array
    bends: Array
    tips: Array
    thick: Array


def drawn(box: Box, hairs: Hairs) -> Array:
    """(h, w) float32 share of each pixel that hairs cover."""
    height, width = box.shape
    finer = 4 if height * width < FINE_BELOW_PX else 2
    cover = np.zeros((height * finer, width * finer), np.uint8)
    roots, bends, tips = (part[:, None].astype(np.float32) for part in (hairs.roots, hairs.bends, hairs.tips))
    points = (1 - STEPS) ** 2 * roots + 2 * STEPS * (1 - STEPS) * bends + STEPS**2 * tips
    way = 2 * (1 - STEPS) * (bends - roots) + 2 * STEPS * (tips - bends)
    normal = np.stack([-way[..., 1], way[..., 0]], axis=-1)
    normal = normal / np.maximum(np.sqrt((way**2).sum(-1, keepdims=True)), 1e-4)
    half = hairs.thick[:, None, None].astype(np.float32) / 2 * (1 - STEPS) ** 0.8 + 0.06
    outlines = np.concatenate([points + normal * half, (points - normal * half)[:, ::-1]], axis=1)
    outlines = (outlines - np.array([box.x0, box.y0], np.float32)) * finer - 0.5
    for outline in np.round(outlines * (1 << SHIFT)).astype(np.int32):
        cv2.fillPoly(cover, [outline], (255,), lineType=cv2.LINE_8, shift=SHIFT)
    small = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)
    share: Array = small.astype(np.float32) / 255
    return share
