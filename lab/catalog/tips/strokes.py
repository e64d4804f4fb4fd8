"""Liner, lashes and brows: strokes on paper and hairs on skin."""

from __future__ import annotations

import cv2
import numpy as np

from lab.catalog.tips.noise import cells, smooth
from lab.catalog.tips.studio import sparkle
from looks.layer import Brows, Eyes
from looks.material import Material
from models.render.light import encoded
from models.render.sample.mouth import SKIN
from models.render.sample.studio import LARGER, place, step, table
from models.types import Array

SHIFT = 4  # binary places below the pixel in which OpenCV draws


def liner(layer: Eyes, material: Material, side: int, seed: int) -> Array:
    """A brush's stroke that swells, and its flick."""
    size = side * LARGER
    x, y = place(size)
    colour = layer.colours[0].linear.astype(np.float32)
    t = np.clip((x + 0.82) / 1.64, 0, 1)
    middle = 0.20 - 0.42 * np.sin(np.pi * t * 0.80) * (1 - 0.35 * t) - 0.44 * np.clip(t - 0.62, 0, 1) ** 1.6
    width = 0.018 + 0.105 * np.maximum(np.sin(np.pi * t**1.35), 0) ** 1.1 * (1 - 0.25 * t)
    width = width * np.clip((1 - t) / 0.10, 0, 1) ** 0.6
    rough = 0.004 * smooth((size, size), 4, seed)
    inside = width - np.abs(y - middle) + rough
    cover = step(inside, 0.006) * (np.abs(x) < 0.82)
    bristles = np.sin((y - middle) / 0.004 + 2 * smooth((size, size), 60, seed)) * 0.04
    light = colour * (1 + bristles + 0.05 * smooth((size, size), 9, seed + 2))[..., None]
    light = light + 0.05 * np.exp(-(((y - middle + 0.35 * width) / (0.35 * width + 1e-3)) ** 2))[..., None]
    if material.flake_density:
        found = cells(x * 20, y * 20, 0.17, seed)
        flat = np.zeros((size, size, 3), np.float32) + np.array((0, 0, 1), np.float32)
        flash = sparkle(flat, found.tilt * 0.45, 20)
        light = (
            light
            + (np.sqrt(colour) * (0.4 + 1.9 * flash)[..., None] - light) * (0.62 * found.edge)[..., None]
        )
    paper = table((0.5 * cover).astype(np.float32))
    return encoded(paper + (np.maximum(light, 0) - paper) * cover[..., None])


def lashes(layer: Eyes, side: int, seed: int) -> Array:
    """A fan of lashes on the edge of a closed lid."""
    size, rng = side * LARGER, np.random.default_rng(seed)
    cover = np.zeros((size, size), np.uint8)
    for number, t in enumerate(np.linspace(-0.94, 0.94, 74)):
        lean = t * 0.95 + rng.normal() * 0.07
        root = np.array((t * 0.74, -0.24 + 0.30 * (1 - t * t)))
        long = (0.44 + 0.16 * t) * (0.82 + 0.24 * rng.random()) * (0.72 if number % 3 == 1 else 1.0)
        tip = root + long * np.array((np.sin(lean), np.cos(lean) * 0.92))
        bend = (root + tip) / 2 + long * 0.20 * np.array((-np.sin(t), 0.35))
        _hair(cover, root, bend, tip, 0.0135)
    x, y = place(size)
    lid = -0.24 + 0.30 * (1 - (x / 0.74) ** 2)
    line = step(0.016 * np.sqrt(np.clip(1 - (x / 0.80) ** 2, 0, 1)) - np.abs(y - lid), 0.008)
    share = np.maximum(cover.astype(np.float32) / 255, line)
    skin = _skin(x, y) * (1 - 0.16 * step(lid - y, 0.25) * step(0.3 - np.abs(y - lid), 0.3))[..., None]
    skin = skin * (1 - 0.20 * cv2.GaussianBlur(share, (0, 0), 9))[..., None]
    colour = layer.colours[0].linear.astype(np.float32)
    return encoded(skin + (colour - skin) * share[..., None])


def brow(layer: Brows, side: int, seed: int) -> Array:
    """A brow of single hairs over a soft fill, in the shape that the style names."""
    size, rng = side * LARGER, np.random.default_rng(seed)
    x, y = place(size)
    peak, lift, thick, loose = {
        "natural": (0.25, 0.24, 0.150, 0.10),
        "soft_arch": (0.30, 0.34, 0.140, 0.07),
        "high_arch": (0.34, 0.50, 0.125, 0.06),
        "straight": (0.10, 0.08, 0.150, 0.07),
        "rounded": (0.05, 0.38, 0.140, 0.07),
        "fluffy": (0.22, 0.26, 0.205, 0.26),
    }[layer.style]
    cover = np.zeros((size, size), np.uint8)

    def middle(t: float) -> float:
        """Height of the brow's middle line at -1 (inner end) to 1 (outer end)."""
        rise = (t + 1) / (peak + 1) if t < peak else (1 - t) / (1 - peak)
        eased = float(np.sin(np.pi / 2 * np.clip(rise, 0, 1)) ** (1.5 if t < peak else 1.1))
        return 0.16 - lift * eased + (0.10 * max(0.0, t - peak) / (1 - peak))

    def half(t: float) -> float:
        return thick * float(
            np.clip((1.0 - t) / 0.95, 0.10, 1) ** 0.75 * np.clip((t + 1.03) / 0.45, 0, 1) ** 0.6
        )

    fill = np.zeros((size, size), np.float32)
    for t in rng.uniform(-1, 1, 430):
        slope = (middle(t + 0.05) - middle(t - 0.05)) / 0.1
        upright = 1.15 * np.clip(-t * 0.55 + 0.40, 0.06, 1) + rng.normal() * (0.10 + loose)
        start = rng.uniform(-0.95, 0.75)
        root = np.array((t * 0.78 + rng.normal() * 0.015, middle(t) - start * half(t)))
        towards = np.array((1.0, slope * 0.9 - upright * (1 if start < 0.35 else 0.55)))
        towards /= np.hypot(*towards)
        long = (0.15 + 0.05 * rng.random()) * (1.25 if layer.style == "fluffy" else 1.0)
        tip = root + long * towards
        bend = (root + tip) / 2 + long * 0.12 * np.array((-towards[1], towards[0])) * (1 if start < 0 else -1)
        _hair(cover, root, bend, tip, 0.0105)
    for column in range(size):
        t = float(x[0, column]) / 0.78
        if -1 <= t <= 1:
            fill[:, column] = step(half(t) - np.abs(y[:, column] - middle(t)), 0.06)
    share = np.clip(0.90 * cover.astype(np.float32) / 255 + 0.26 * fill, 0, 0.95)
    skin = _skin(x, y)
    colour = layer.colours[0].linear.astype(np.float32)
    tone = colour * (0.97 + 0.05 * np.clip(smooth((size, size), 9, seed), -1.5, 1.5)[..., None])
    return encoded(skin + (tone - skin) * share[..., None])


def _skin(x: Array, y: Array) -> Array:
    """(h, w, 3) linear light of even skin."""
    light: Array = SKIN * (1.03 - 0.10 * (x * 0.5 + y * 0.8) - 0.06 * (x * x + y * y))[..., None]
    return light.astype(np.float32)


def _hair(cover: Array, root: Array, bend: Array, tip: Array, thick: float) -> None:
    """Draw one hair, a bent line that thins out, from its root to its tip."""
    size = len(cover)
    t = np.linspace(0, 1, 14)[:, None]
    points = (1 - t) ** 2 * root + 2 * t * (1 - t) * bend + t**2 * tip
    direction = np.gradient(points, axis=0)
    normal = np.stack((-direction[:, 1], direction[:, 0]), axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    half = thick / 2 * (1 - t) ** 0.7 + 0.0008
    outline = np.concatenate((points + normal * half, (points - normal * half)[::-1]))
    pixels = np.round((outline + 1) / 2 * size * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(cover, [pixels], (255,), lineType=cv2.LINE_AA, shift=SHIFT)
