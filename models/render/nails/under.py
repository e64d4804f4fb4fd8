"""What the photo would show where a filed-off part of a nail lay: its surroundings, filled in."""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array

_LEVELS = 5


def filled(light: Array, known: Array) -> Array:
    """(h, w, 3) linear light with its unknown places filled from the nearest known ones, smoothly.

    known: (h, w) float32 weight in [0, 1]. Pull-push (Gortler et al. 1996).
    """
    pulled = [np.concatenate([light * known[..., None], known[..., None]], axis=-1)]
    while len(pulled) <= _LEVELS and min(pulled[-1].shape[:2]) > 3:
        pulled.append(cv2.pyrDown(pulled[-1]))
    below = pulled[-1]
    for level in reversed(pulled[:-1]):
        height, width = level.shape[:2]
        above = cv2.resize(below, (width, height), interpolation=cv2.INTER_LINEAR)
        weight = np.clip(level[..., 3:] * 1.5, 0, 1)
        spread = above / np.maximum(above[..., 3:], 1e-4)
        own = level / np.maximum(level[..., 3:], 1e-4)
        below = own * weight + spread * (1 - weight)
    fill: Array = below[..., :3]
    return fill
