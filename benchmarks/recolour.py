"""Six usual ways to recolour a nail, to stand beside ours.

Each takes a photo (h, w, 3) uint8, the soft share of nail (h, w) and the wanted sRGB in [0, 1], and gives uint8.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from looks.colour import lab_to_linear, linear_to_srgb, srgb_to_lab, srgb_to_linear
from models.types import Array

Recolour = Callable[[Array, Array, Array], Array]


def hue_and_saturation(photo: Array, cover: Array, wanted: Array) -> Array:
    """HSV: hue and saturation replaced, value kept."""
    return _hsv(photo, cover, wanted, 2)


def hue(photo: Array, cover: Array, wanted: Array) -> Array:
    """HSV: hue replaced."""
    return _hsv(photo, cover, wanted, 1)


def flat_alpha(photo: Array, cover: Array, wanted: Array) -> Array:
    """The colour at 60 % over the photo, in sRGB."""
    share = 0.6 * (cover >= 0.5)[..., None]
    return _bytes(photo / 255 * (1 - share) + wanted * share)


def phong_overlay(photo: Array, cover: Array, wanted: Array) -> Array:
    """A made-up dome from the mask's distance transform, shaded by Phong, laid over the photo."""
    inside = (cover >= 0.5).astype(np.uint8)
    height = cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    height = height / height.max()
    slopes = [-cv2.Sobel(height, cv2.CV_32F, *order, ksize=5) for order in ((1, 0), (0, 1))]
    normal = np.dstack([*slopes, np.ones_like(height)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    light = np.array([-0.5, -0.5, 0.8])
    half = light / np.linalg.norm(light) + np.array([0, 0, 1])
    shine = 0.6 * inside * np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 150
    lit = srgb_to_linear(wanted) * (0.3 + 0.7 * height**1.2)[..., None] + shine[..., None]
    share = 0.95 * cv2.GaussianBlur(inside.astype(np.float64), (0, 0), 5)[..., None]
    return _bytes(photo / 255 * (1 - share) + linear_to_srgb(lit) * share)


def lab_keep_lightness(photo: Array, cover: Array, wanted: Array) -> Array:
    """CIE Lab: a and b replaced."""
    return _lab(photo, cover, wanted, shift=False)


def lab_shift_lightness(photo: Array, cover: Array, wanted: Array) -> Array:
    """CIE Lab: a and b replaced, lightness moved to the colour's by its median."""
    return _lab(photo, cover, wanted, shift=True)


RECOLOURS: tuple[Recolour, ...] = (
    hue_and_saturation,
    hue,
    flat_alpha,
    phong_overlay,
    lab_keep_lightness,
    lab_shift_lightness,
)


def _hsv(photo: Array, cover: Array, wanted: Array, channels: int) -> Array:
    turned = cv2.cvtColor(photo, cv2.COLOR_RGB2HSV)
    turned[..., :channels] = cv2.cvtColor(_bytes(wanted)[None, None], cv2.COLOR_RGB2HSV)[0, 0, :channels]
    found: Array = np.where((cover >= 0.5)[..., None], cv2.cvtColor(turned, cv2.COLOR_HSV2RGB), photo)
    return found


def _lab(photo: Array, cover: Array, wanted: Array, *, shift: bool) -> Array:
    lab, goal = srgb_to_lab(photo / 255), srgb_to_lab(wanted)
    if shift:
        lab[..., 0] = np.clip(lab[..., 0] + goal[0] - np.median(lab[cover >= 0.5, 0]), 0, 100)
    lab[..., 1:] = goal[1:]
    share = cover[..., None]
    return _bytes(photo / 255 * (1 - share) + linear_to_srgb(lab_to_linear(lab)) * share)


def _bytes(srgb: Array) -> Array:
    whole: Array = np.round(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
    return whole
