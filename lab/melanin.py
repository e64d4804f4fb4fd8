"""The skin of a labelled photo, deeper: most photos show light skin, and salons do not."""

from __future__ import annotations

import cv2
import numpy as np

from lab.nails.augment import Rng
from models.types import Array

ABSORBED = np.array([0.55, 0.85, 1.15], np.float32)
"""Of linear red, green and blue by one unit of melanin: it takes blue first (Jacques 2013, skin optics)."""
UNITS = (0.4, 2.0)
ALIKE = (9.0, 11.0, 34.0)
"""Spreads of a*, b* and L* around the skin by the nails within which a pixel counts as skin."""
DEEP, LEAST_PX = 42.0, 40
"""L* of skin that is deep already; pixels of skin that must be seen to know its colour."""


def skin_by_nails(rgb: Array, labels: Array) -> Array | None:
    """(3,) median Lab of what surrounds the nails; None where too little is seen, or where the skin is deep already."""
    small = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    nail = (labels[::2, ::2] > 0).astype(np.uint8)[: small.shape[0], : small.shape[1]]
    near, far = (cv2.dilate(nail, np.ones((side, side), np.uint8)) for side in (3, 9))
    return skin_of(small[: near.shape[0], : near.shape[1]], far > near)


def skin_of(rgb: Array, inside: Array) -> Array | None:
    """(3,) median Lab of a region of skin; None where it is small, or deep already."""
    if inside.sum() < LEAST_PX:
        return None
    tone: Array = np.median(_lab(rgb)[inside], axis=0)
    return tone if tone[0] > DEEP else None


def deepened(rgb: Array, part: Array, share: float, tone: Array, rng: Rng) -> None:
    """Give what looks like this skin more melanin, in place.

    part: (h, w) where a share of the skin's melanin is given instead: beds of nails, or hair.
    """
    away = (_lab(rgb) - tone) / np.array([ALIKE[2], *ALIKE[:2]], np.float32)
    skin = cv2.GaussianBlur(np.clip(2.2 - np.linalg.norm(away, axis=-1), 0, 1), (0, 0), 1.5)
    other = cv2.GaussianBlur((part > 0).astype(np.float32), (0, 0), 1.0)
    melanin = rng.uniform(*UNITS) * np.maximum(skin * (1 - other), share * other)
    linear = (rgb.astype(np.float32) / 255) ** 2.2 * np.exp(-melanin[..., None] * ABSORBED)
    rgb[:] = np.round(255 * linear ** (1 / 2.2)).astype(np.uint8)


def _lab(rgb: Array) -> Array:
    out: Array = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return out
