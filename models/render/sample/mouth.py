"""A bare mouth, modelled as two bulges with fine lines, and its lips as the renderers know them. Nobody's face."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from models.render.sample.studio import KEY, LARGER, exposed, lit, place, step
from models.segment.mouth import INNER, OUTER
from models.types import Array, Box, Face, Lips, Mask

HALF_WIDTH, UPPER, LOWER = 0.72, 0.235, 0.33  # in halves of the picture's side
BOW_DEPTH, SEAM_WAVE = 0.22, 0.024
SKIN = np.array((0.62, 0.395, 0.29), np.float32)  # linear light
LIP = np.array((0.43, 0.185, 0.16), np.float32)
LINES = 150  # fine lines across the mouth's width
SEED = 7


@dataclass(frozen=True, slots=True)
class Mouth:
    """A bare mouth. rgb: (h, w, 3) uint8; lips, face: as a scan would have found them; of the mesh only the lips."""

    rgb: Array
    lips: Lips
    face: Face


@lru_cache(maxsize=2)
def bare_mouth(side: int) -> Mouth:
    """A closed mouth on a square of LARGER × side pixels."""
    size = side * LARGER
    x, y = place(size)
    t = np.clip(x / HALF_WIDTH, -1, 1)
    corner = np.sqrt(np.clip(1 - np.abs(t) ** 2.1, 0, 1))
    top, seam, bottom = _lines(t)
    upper = np.clip((seam - y) / np.maximum(seam - top, 1e-3), 0, 1.5)
    lower = np.clip((y - seam) / np.maximum(bottom - seam, 1e-3), 0, 1.5)
    inside = np.minimum(y - top, bottom - y)
    alpha = step(inside, 0.012) * (np.abs(x) < HALF_WIDTH)
    s = np.where(y < seam, upper, lower)
    bulge = np.where(y < seam, 0.11, 0.15) * _arch(s, 0.85) ** 0.8 * corner
    light = _skin(x, y, inside)
    lips = _lips(bulge, s, corner, size)
    light += (lips - light) * alpha[..., None]
    crack = np.exp(-(((y - seam) / 0.011) ** 2)) * step(HALF_WIDTH - np.abs(x), 0.06)
    light = light * (1 - 0.86 * crack[..., None])
    cover = np.round(255 * alpha * (1 - 0.75 * crack)).astype(np.uint8)
    box = Box(0, 0, size, size)
    return Mouth(exposed(light), Lips(Mask(cover, box), 0), Face(_mesh(size), box, 1.0))


def _lines(t: Array) -> tuple[Array, Array, Array]:
    """Heights of the upper outline, of the line of the mouth and of the lower outline at t, -1 to 1 along the mouth."""
    seam = SEAM_WAVE * (np.exp(-((t / 0.17) ** 2)) - 0.55 * np.exp(-(((np.abs(t) - 0.4) / 0.2) ** 2)))
    bow = 1 - BOW_DEPTH * np.exp(-((t / 0.105) ** 2))
    top = -UPPER * bow * (1 - np.abs(t) ** 1.5) ** 1.05
    return top, seam, LOWER * (1 - np.abs(t) ** 2.2) ** 1.12


def _mesh(size: int) -> Array:
    """(468, 3) landmarks of which only the lips' are placed."""
    points = np.zeros((468, 3), np.float32)
    there = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 11))
    forth = np.concatenate([there, there[-2:0:-1]])
    top, seam, bottom = _lines(forth)
    upper = np.arange(20) <= 10
    for ring, height in ((OUTER, np.where(upper, top, bottom)), (INNER, seam)):
        places = np.stack([forth * HALF_WIDTH, height], axis=1)
        points[list(ring), :2] = (places + 1) / 2 * size
    return points


def _skin(x: Array, y: Array, inside: Array) -> Array:
    """(h, w, 3) linear light around the lips: the groove above them, the hollow below, an even skin."""
    groove = 0.022 * np.exp(-((x / 0.13) ** 2)) * step(-0.32 - y, 0.35)
    hollow = 0.055 * np.exp(-((x / 0.42) ** 2) - (((y - 0.50) / 0.17) ** 2))
    height = -groove - hollow - 0.22 * (x * x + 0.4 * y * y)
    near = np.exp(np.minimum(inside, 0) / 0.05) * step(HALF_WIDTH - 0.02 - np.abs(x), 0.12)
    light: Array = SKIN * (lit(_normal(height, 1.0)) * (1 - 0.13 * near))[..., None]
    return light


def _lips(bulge: Array, s: Array, corner: Array, size: int) -> Array:
    """(h, w, 3) linear light of the bare lips, with the soft highlight that they always carry."""
    rng = np.random.default_rng(SEED)
    coarse = rng.normal(0, 1, (24, LINES)).astype(np.float32)
    lines = cv2.resize(
        cv2.GaussianBlur(coarse, (3, 9), 0.8, sigmaY=3.5), (size, size), interpolation=cv2.INTER_CUBIC
    )
    height = bulge + 0.0032 * lines * _arch(s, 1.0) * corner
    normal = _normal(height, 1.15)
    half = KEY + np.array((0, 0, 1), np.float32)
    gleam = np.maximum(normal @ (half / np.linalg.norm(half)), 0) ** 26
    shade = lit(normal) * (1 + 0.05 * lines * corner)
    light: Array = LIP * shade[..., None] + 0.10 * gleam[..., None]
    return light


def _arch(s: Array, lean: float) -> Array:
    """0 at the seam and at the outline, 1 between; lean below 1 moves the top towards the seam."""
    arch: Array = np.maximum(np.sin(np.pi * np.clip(s, 0, 1) ** lean), 0)
    return arch


def _normal(height: Array, steep: float) -> Array:
    """(h, w, 3) unit normals of a height map in halves of its side."""
    down, right = np.gradient(height, 2 / height.shape[0])
    normal = np.stack((-steep * right, -steep * down, np.ones_like(height)), axis=-1)
    unit: Array = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    return unit
