"""What a nail mirrors: a window where the key light is, a pale ceiling, a dark horizon and the hand beyond it.

A map over the normal's slopes in the nail's own frame: across it and along it.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from models.types import Array

SPAN = 1.25  # slopes from -SPAN to SPAN
SIDE_PX = 200
WINDOW = 3.6  # brightness, in that of the ceiling
HALF_WIDE, HALF_LONG = 0.075, 0.21  # of the window, in slopes
FILL = 0.9
STEP = 0.02  # key lights are rounded to this, so that few maps are made


def window_at(key: Array, side: Array, ahead: Array) -> tuple[float, float]:
    """Slopes across and along at which the nail mirrors the key light, kept where the plate has them.

    key: as `key_light` gives it. Light from straight above would shine on no plate's side: its window is moved there.
    """
    towards = np.array([key[0], key[1], 1.0]) / np.sqrt(1 + float(key @ key))
    half = towards + np.array([0, 0, 1.0])
    half = half / np.linalg.norm(half)
    across, along = float(half[:2] @ side), float(half[:2] @ ahead)
    across = float(np.copysign(np.clip(abs(across), 0.2, 0.34), across if abs(across) > 0.01 else -1.0))
    along = float(np.clip(0.45 * along, -0.10, 0.10))
    return round(across / STEP) * STEP, round(along / STEP) * STEP


@lru_cache(maxsize=256)
def room(across: float, along: float, spread: float, anisotropy: float = 0.0) -> Array:
    """(SIDE_PX, SIDE_PX) float32 light over slopes, rows along and columns across, blurred by a spread in slopes.

    anisotropy: how much more it spreads along the nail than across it.
    """
    line = (np.arange(SIDE_PX, dtype=np.float32) + 0.5) / SIDE_PX * 2 * SPAN - SPAN
    s, a = np.meshgrid(line, line)
    towards = float(np.sign(across))
    light = 0.62 + 0.34 * _step(s * towards + 0.25, 0.6)
    light = light * (0.70 + 0.30 * _step(0.17 - a, 0.14)) * (0.86 + 0.14 * _step(a + 0.24, 0.10))
    # The one who takes the picture stands between the window and the middle.
    light = light * (1 - 0.36 * _step(0.10 - np.abs(s - across * 0.10 + towards * 0.12), 0.09))
    horizon = np.abs(s) + 0.35 * a * a
    light = (
        light
        * (1 - 0.72 * _step(0.055 - np.abs(horizon - 0.60), 0.05))
        * (1 - 0.30 * _step(horizon - 0.68, 0.05))
    )
    pane = _step(HALF_WIDE - np.abs(s - across), 0.034) * _step(HALF_LONG - np.abs(a - along), 0.085)
    fill = _step(0.020 - np.abs(s + towards * 0.46), 0.032) * _step(0.20 - np.abs(a), 0.10)
    light = light + WINDOW * pane + FILL * fill
    wide, long = (spread * k * SIDE_PX / (2 * SPAN) for k in (1 - 0.4 * anisotropy, 1 + 3 * anisotropy))
    if wide > 0.3:
        light = cv2.GaussianBlur(light, (0, 0), wide, sigmaY=long)
    blurred: Array = light.astype(np.float32)
    blurred.flags.writeable = False
    return blurred


def seen(map: Array, across: Array, along: Array) -> Array:
    """(h, w) light that surfaces of these slopes mirror."""
    scale = np.float32(SIDE_PX / (2 * SPAN))
    x, y = (
        (across + np.float32(SPAN)) * scale - np.float32(0.5),
        (along + np.float32(SPAN)) * scale - np.float32(0.5),
    )
    light: Array = cv2.remap(map, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return light


def _step(x: Array, soft: float) -> Array:
    """0 to 1, smoothly, while x goes from -soft to soft."""
    t = np.clip(0.5 + x / (2 * soft), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth
