"""The natural nail: bed, lunula, free edge, faint ridges."""

from __future__ import annotations

import numpy as np

from lab.hands.anatomy import Digit
from lab.hands.canvas import Canvas, size_of
from lab.hands.ground import layers, noise
from lab.hands.solid import plate_coordinates, plate_outline
from models.types import Array

_PALE_BED = np.array((0.83, 0.50, 0.43), np.float32)
_DEEP_BED = np.array((0.15, 0.072, 0.05), np.float32)
_PALE_EDGE = np.array((0.82, 0.73, 0.62), np.float32)
_DEEP_EDGE = np.array((0.42, 0.34, 0.26), np.float32)


def paint_nail(
    canvas: Canvas, digit: Digit, number: int, bright: float, albedo: Array, relief: Array
) -> None:
    """Paint one natural nail into albedo and relief in place; bright: 0 the deepest skin .. 1 the palest."""
    plate, bone, rng = digit.plate, digit.bones[2], canvas.rng
    box = canvas.window(
        bone.origin + bone.frame[0] * (plate.cuticle + plate.edge) / 2, 1.4 * (plate.edge - plate.cuticle)
    )
    mine = canvas.surface.nail[box] == number
    ridges = noise((1, 64), 1.6, rng)[0]
    shades = rng.normal(0, 1, 3)
    if not mine.any():
        return
    a, w, n = canvas.local(box, bone.origin, bone.frame)
    s, _ = plate_coordinates(plate, a, w, n)
    bed = (_DEEP_BED * (1 - bright) + _PALE_BED * bright) * (1 + 0.03 * shades[0])
    edge = _DEEP_EDGE * (1 - bright) + _PALE_EDGE * bright
    pale = bed * 0.45 + edge * 0.42
    colour = np.broadcast_to(bed, (*a.shape, 3)).copy()
    mottle = 1 + 0.035 * layers(size_of(a), 2.5 * canvas.scale, 2, rng)
    colour *= mottle[..., None]
    moon = plate.cuticle + plate.lunula * (1.15 - 0.9 * (s / plate.half_width) ** 2)
    colour = _blend(colour, pale, 0.7 * _step(moon - a, 0.35) * (plate.lunula > 0.7))
    smile = plate.bed_end - 0.16 * (s / plate.half_width) ** 2 * plate.half_width + 0.12 * shades[1]
    band = np.exp(-(((a - smile + 0.55) / 0.5) ** 2))
    colour *= 1 - 0.10 * band[..., None] * np.array((0.3, 1, 1), np.float32)
    colour = _blend(colour, edge, 0.72 * _step(a - smile, 0.28))
    rim = np.exp(-((np.minimum(plate_outline(plate, a, s), 0) / 0.45) ** 2)) * (a < smile)
    colour *= 1 - 0.22 * rim[..., None] * np.array((0.6, 1, 1), np.float32)
    albedo[box] = np.where(mine[..., None], colour, albedo[box])
    stripes = np.interp(s, np.linspace(-9, 9, ridges.size), ridges).astype(np.float32)
    fine = 0.006 * stripes + 0.012 * noise(size_of(a), 2.2 * canvas.scale, rng)
    relief[box] = np.where(mine, fine, relief[box])


def _step(x: Array, soft: float) -> Array:
    """0 to 1 over [-soft, soft]."""
    t = np.clip(0.5 + x / (2 * soft), 0, 1)
    step: Array = t * t * (3 - 2 * t)
    return step


def _blend(under: Array, over: Array, alpha: Array) -> Array:
    mixed: Array = under + (over - under) * alpha[..., None]
    return mixed
