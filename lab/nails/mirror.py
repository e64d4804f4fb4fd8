"""Where a photo ends and its mirrored padding begins."""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array

_LEAST, _MOST = 4, 100
_SAME = 5.0
"""Mean absolute grey difference between a strip and its mirror image that JPEG alone can make."""
_TEXTURE = 6.0


def real_region(rgb: Array) -> tuple[int, int, int, int]:
    """(x0, y0, x1, y1) of the part of a (h, w, 3) picture that is not a mirrored copy of its neighbourhood."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    h, w = grey.shape
    small = cv2.resize(grey, (w // 2, h // 2), interpolation=cv2.INTER_AREA).astype(np.float32)
    left, right = _padding(small), _padding(small[:, ::-1])
    top, bottom = _padding(small.T), _padding(small[::-1].T)
    return 2 * left, 2 * top, w - 2 * right, h - 2 * bottom


def _padding(grey: Array) -> int:
    """Columns at the left edge that mirror those after them; 0 when there are none or nothing can be told."""
    best, at = _SAME, 0
    for a in range(_LEAST, min(_MOST, grey.shape[1] // 2)):
        strip, image = grey[:, :a], grey[:, a : 2 * a][:, ::-1]
        difference = float(np.abs(strip - image).mean())
        if difference < best and float(strip.std()) > _TEXTURE * difference:
            best, at = difference, a
    return at
