"""What surfaces reflect: a softbox at the upper left, a strip at the right, a pale ceiling over a dark room."""

from __future__ import annotations

import numpy as np

from models.render.sample.studio import KEY, step
from models.types import Array

HALF = KEY + np.array((0, 0, 1), np.float32)
HALF = (HALF / np.linalg.norm(HALF)).astype(np.float32)
_NM = np.array((612.0, 545.0, 462.0))  # where red, green and blue lie
_WIDTH_NM = np.array((42.0, 38.0, 32.0))


def mirrored(normal: Array) -> Array:
    """(h, w, 3) where a surface that faces `normal` mirrors the camera's ray to."""
    reflected: Array = 2 * normal[..., 2:] * normal - np.array((0, 0, 1), np.float32)
    return reflected


def room(towards: Array, roughness: float) -> Array:
    """(h, w) light that comes from a direction, about 1 on average; roughness blurs it."""
    soft = 0.06 + 1.1 * roughness
    across, up = np.arctan2(towards[..., 0], np.abs(towards[..., 2]) + 0.05), -towards[..., 1]
    ceiling = 0.30 + 0.62 * step(up + 0.05, 0.35 + soft)
    horizon = 1 - 0.55 * step(0.16 - np.abs(up + 0.18), 0.10 + soft) / (1 + 6 * roughness)
    box = 2.6 * step(0.34 - np.abs(across + 0.80), soft) * step(0.62 - np.abs(up - 0.25), soft)
    strip = 1.1 * step(0.10 - np.abs(across - 0.95), soft) * step(0.75 - np.abs(up), soft)
    side = 1 - 0.45 * step(np.abs(across) - 1.05, 0.25 + soft)
    light: Array = (ceiling * horizon * side + (box + strip) / (1 + 3.2 * roughness)).astype(np.float32)
    return light


def sparkle(normal: Array, tilt: Array, sharp: float = 60) -> Array:
    """(h, w) flash of small mirrors tilted on a surface: bright where one turns the key light to the camera."""
    turned = normal.copy()
    turned[..., :2] += tilt
    turned /= np.linalg.norm(turned, axis=-1, keepdims=True)
    flash: Array = np.maximum(turned @ HALF, 0) ** sharp
    return flash


def spectrum(nm: Array) -> Array:
    """(h, w, 3) linear light of a wavelength; dark outside the visible range."""
    colour: Array = np.exp(-(((nm[..., None] - _NM) / _WIDTH_NM) ** 2)).astype(np.float32)
    return colour


def film(cosine: Array, thickness_nm: float, index: float = 1.45) -> Array:
    """(h, w, 3) tint of a thin film's interference under this angle, mean about 1."""
    inner = np.sqrt(1 - (1 - np.clip(cosine, 0, 1) ** 2) / index**2)
    phase = 4 * np.pi * index * thickness_nm * inner[..., None] / _NM
    tint: Array = (1 + 0.8 * np.cos(phase)).astype(np.float32)
    return tint


def grating(normal: Array, period_um: float, turn: Array | float = 0.0) -> Array:
    """(h, w, 3) rainbow of grooves across the light: order m of wavelength λ where period · sin = m λ."""
    path = np.abs(0.62 * normal[..., 0] + 0.95 * normal[..., 1] + 0.42 + turn) * period_um * 1000
    return spectrum(path) + spectrum(path / 2) + 0.6 * spectrum(path / 3)
