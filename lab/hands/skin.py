"""Skin and nail of one traced hand: relief in mm and albedo in linear light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.hands.anatomy import Skeleton
from lab.hands.canvas import Canvas
from lab.hands.nail import paint_nail
from lab.hands.trace import Surface
from models.types import Array

# The Monk Skin Tone scale, 1 to 10 (Monk 2023, published as hex).
MONK = (
    *("#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96"),
    *("#a07e56", "#825c43", "#604134", "#3a312a", "#292420"),
)
_BLOOD = np.array((0.10, 0.62, 0.52), np.float32)
# Measured pale skin is redder, and deep skin warmer, than the scale's swatches.
_FLUSH = np.array((0.98, 0.845, 0.765), np.float32)
_DEEP_FLUSH = np.array((1.22, 0.97, 0.80), np.float32)
_DEEP_FLOOR = np.array((0.020, 0.012, 0.007), np.float32)
_VEIN = np.array((0.24, 0.15, 0.06), np.float32)


@dataclass(frozen=True)
class Skin:
    """relief: (h, w) mm; albedo: (h, w, 3) linear."""

    relief: Array
    albedo: Array


def tone_albedo(tone: int) -> Array:
    """(3,) linear albedo of a Monk tone."""
    text = MONK[tone - 1]
    srgb = np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(np.float32)


def paint(
    hand: Skeleton, surface: Surface, tone: int, palmar: bool, scale: float, rng: np.random.Generator
) -> Skin:
    """Skin and nails of a traced hand in one of the ten Monk tones."""
    canvas = Canvas(hand, surface, scale, rng)
    canvas.everywhere()
    for number, digit in enumerate(hand.digits, start=1):
        for k in (0, 1):
            canvas.joint(digit, number, k)
        canvas.tip(digit, number)
        if number > 1:
            canvas.knuckle(digit)
    if palmar:
        canvas.inside_of_hand()
    else:
        canvas.back_of_hand()
    light = 1 - (tone - 1) / 9
    base = tone_albedo(tone)
    if palmar:
        pale = np.array((0.62, 0.40, 0.30), np.float32)
        base = base * light + (0.45 * base + 0.55 * pale) * (1 - light)
        canvas.blood += 0.12
    base = base * (_FLUSH * light + _DEEP_FLUSH * (1 - light))
    base = base + _DEEP_FLOOR * (1 - light) ** 2
    blood = (0.2 + canvas.blood) * (0.16 + 0.5 * light)
    dark = canvas.dark * (1.0 + 1.3 * (1 - light))
    vein = canvas.vein * (0.25 + 0.75 * light) * 0.7
    albedo = base * np.exp(-blood[..., None] * _BLOOD - dark[..., None] - vein[..., None] * _VEIN)
    relief = canvas.relief
    bright = min(1.0, 1.08 * float(np.sqrt(tone_albedo(tone).mean())))
    for number, digit in enumerate(hand.digits, start=1):
        paint_nail(canvas, digit, number, bright, albedo, relief)
    return Skin(relief, albedo.astype(np.float32))
