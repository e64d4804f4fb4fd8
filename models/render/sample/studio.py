"""The table on which samples lie: soft light from the upper left, paper, and the shadow of what lies there."""

from __future__ import annotations

import cv2
import numpy as np

from models.render.light import encoded
from models.types import Array

KEY = np.array((-0.48, -0.42, 0.77), np.float32)  # towards the light: x right, y down, z to the camera
FILL = np.array((0.75, 0.10, 0.65), np.float32)
AMBIENT, KEY_POWER, FILL_POWER = 0.34, 0.62, 0.16
PAPER = np.array((0.80, 0.775, 0.745), np.float32)  # linear light, a warm white
SHADOW_TINT = np.array((1.0, 1.02, 1.06), np.float32)  # a shadow is a little warmer than the paper
LARGER = 2  # samples are drawn at this scale and then shrunk, which smooths their edges


def place(side: int) -> tuple[Array, Array]:
    """x and y of each pixel of a square of this side, from -1 to 1."""
    line = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(line, line)
    return x, y


def lit(normal: Array) -> Array:
    """(h, w, 3) unit normals to the (h, w) diffuse light that they receive, about 1 where they face the key light."""
    light: Array = (
        AMBIENT + KEY_POWER * np.maximum(normal @ KEY, 0) + FILL_POWER * np.maximum(normal @ FILL, 0)
    )
    return light


def step(x: Array, soft: float) -> Array:
    """0 to 1, smoothly, while x goes from -soft to soft."""
    t = np.clip(0.5 + x / (2 * soft), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth


def table(cover: Array) -> Array:
    """(h, w, 3) linear light of the paper beneath something that covers (h, w) of it, with its shadows."""
    side = cover.shape[0]
    x, y = place(side)
    paper = PAPER * (1 - 0.10 * step(x * 0.5 + y * 0.8, 1.4) - 0.05 * (x * x + y * y))[..., None]
    shade = np.zeros_like(cover)
    for reach, depth in ((0.012, 0.34), (0.055, 0.30)):  # where it touches, and around it
        move = np.array([[1, 0, reach * side * 0.75], [0, 1, reach * side]], np.float32)
        soft = cv2.GaussianBlur(cv2.warpAffine(cover, move, (side, side)), (0, 0), reach * side)
        shade = 1 - (1 - shade) * (1 - depth * soft)
    table: Array = paper * (1 - shade[..., None] * SHADOW_TINT)
    return table


def developed(canvas: Array, side: int) -> Array:
    """The finished picture, (side, side, 3) uint8, of a canvas drawn larger."""
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)


def exposed(light: Array) -> Array:
    """Linear light to the uint8 canvas that renderers draw on."""
    return encoded(light)
