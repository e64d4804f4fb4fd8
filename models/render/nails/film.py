"""Colours of thin films and gratings in linear light."""

from __future__ import annotations

import numpy as np

from models.types import Array

NM = np.array((612.0, 545.0, 462.0), np.float32)  # where red, green and blue lie
WIDTH_NM = np.array((78.0, 66.0, 58.0), np.float32)
CONTRAST = 0.8
ORDERS = ((1, 1.0), (2, 0.9), (3, 0.5))


def film(cosine: Array, thickness_nm: float, index: float = 1.45) -> Array:
    """(h, w, 3) float32 tint of a thin film under this angle, about 1 on average (two-beam interference)."""
    inner = np.sqrt(1 - (1 - np.clip(cosine, 0, 1) ** 2) / np.float32(index**2))
    phase = np.float32(4 * np.pi * index * thickness_nm) * inner[..., None] / NM
    tint: Array = 1 + np.float32(CONTRAST) * np.cos(phase)
    return tint


def spectrum(nm: Array) -> Array:
    """(h, w, 3) linear light of a wavelength; dark outside the visible range."""
    colour: Array = np.exp(-(((nm[..., None] - NM) / WIDTH_NM) ** 2)).astype(np.float32)
    return colour


def rainbow(path_nm: Array) -> Array:
    """(h, w, 3) what a grating sends from white light: order m of a wavelength where the path is m of it."""
    found: Array = np.sum(
        [share * spectrum(path_nm / order) for order, share in ORDERS], axis=0, dtype=np.float32
    )
    return found
