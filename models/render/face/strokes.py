"""Single hairs: bent lines that taper from root to tip, drawn finer than the photo's pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array, Box

SHIFT = 4  # binary places below the pixel in which OpenCV draws
STEPS = np.linspace(0, 1, 9, dtype=np.float32)[:, None]
FINE_BELOW_PX = 90_000  # of a box: smaller ones are drawn finer


@dataclass(frozen=True, slots=True)
class Hair:
    """root, bend, tip: (2,) places in the photo, of a quadratic Bézier curve; thick: pixels at the root."""

    root: Array
    bend: Array
    tip: Array
    thick: float


def drawn(box: Box, hairs: Iterable[Hair]) -> Array:
    """(h, w) float32 share of each pixel that hairs cover."""
    height, width = box.shape
    finer = 4 if height * width < FINE_BELOW_PX else 2
    cover = np.zeros((height * finer, width * finer), np.uint8)
    origin = np.array([box.x0, box.y0], np.float32)
    for hair in hairs:
        points = (1 - STEPS) ** 2 * hair.root + 2 * STEPS * (1 - STEPS) * hair.bend + STEPS**2 * hair.tip
        way = np.gradient(points, axis=0)
        normal = np.stack([-way[:, 1], way[:, 0]], axis=-1) / np.maximum(
            np.linalg.norm(way, axis=1, keepdims=True), 1e-4
        )
        half = hair.thick / 2 * (1 - STEPS) ** 0.8 + 0.06
        outline = np.concatenate([points + normal * half, (points - normal * half)[::-1]])
        pixels = np.round(((outline - origin) * finer - 0.5) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(cover, [pixels], (255,), lineType=cv2.LINE_8, shift=SHIFT)
    small = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)
    share: Array = small.astype(np.float32) / 255
    return share
