"""Colour: sRGB, linear light, CIE Lab (D65) and the CIEDE2000 difference.

Arrays are (..., 3); sRGB and linear values lie in [0, 1], Lab in its usual ranges (L 0 to 100).
Sources: IEC 61966-2-1 (sRGB), CIE 15:2004 (Lab), Sharma, Wu and Dalal 2005 (CIEDE2000).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
_WHITE = _TO_XYZ.sum(axis=1)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27
_HEX = re.compile(r"#[0-9a-f]{6}")


def srgb_to_linear(srgb: Floats) -> Floats:
    """Undo the sRGB transfer curve."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0.04045) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: Floats) -> Floats:
    """Apply the sRGB transfer curve; values outside [0, 1] are clipped."""
    x = np.clip(linear, 0.0, 1.0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 0.0031308) ** (1 / 2.4) - 0.055)


def linear_to_lab(linear: Floats) -> Floats:
    """Linear sRGB to CIE Lab under D65."""
    ratio = linear @ _TO_XYZ.T / _WHITE
    f = np.where(ratio > _EPSILON, np.cbrt(ratio), (_KAPPA * ratio + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_linear(lab: Floats) -> Floats:
    """CIE Lab under D65 to linear sRGB; colours outside the gamut leave [0, 1]."""
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    ratio = np.where(f**3 > _EPSILON, f**3, (116 * f - 16) / _KAPPA)
    linear: Floats = ratio * _WHITE @ _FROM_XYZ.T
    return linear


def srgb_to_lab(srgb: Floats) -> Floats:
    """sRGB to CIE Lab under D65."""
    return linear_to_lab(srgb_to_linear(srgb))


def delta_e00(lab1: Floats, lab2: Floats) -> Floats:
    """CIEDE2000 difference of two Lab arrays; (...,) from (..., 3)."""
    l1, a1, b1 = (lab1[..., i] for i in range(3))
    l2, a2, b2 = (lab2[..., i] for i in range(3))
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    dh = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    wide = np.abs(h1 - h2) > 180
    mean_h = np.where(grey, h1 + h2, (h1 + h2 + np.where(wide, np.where(h1 + h2 < 360, 360, -360), 0)) / 2)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = (
        -2
        * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
        * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    )
    l_term, c_term, h_term = (l2 - l1) / s_l, (c2 - c1) / s_c, delta_h / s_h
    difference: Floats = np.sqrt(l_term**2 + c_term**2 + h_term**2 + rotation * c_term * h_term)
    return difference


_LINEAR: list[float] = srgb_to_linear(np.arange(256) / 255).tolist()
_ROWS: list[tuple[list[float], float]] = list(zip(_TO_XYZ.tolist(), _WHITE.tolist(), strict=True))
ROUNDED = 0.05  # of a Lab value that was rounded; far below 1 ΔE00


class Swatch(Struct, frozen=True):
    """A product's colour under D65: sRGB as `#rrggbb` and CIE Lab, which must agree."""

    hex: str
    lab: tuple[float, float, float]

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.hex):
            raise ValueError(f"a swatch is written #rrggbb in lower case, got {self.hex!r}")
        if not _agree(self.hex, self.lab):
            raise ValueError(f"swatch {self.hex} and Lab {self.lab} differ by more than 1 ΔE00")

    @classmethod
    def of(cls, hex: str) -> Swatch:
        """The swatch of an sRGB hex value, its Lab computed and rounded to two places."""
        lab = srgb_to_lab(hex_to_srgb(hex)).round(2).tolist()
        return cls(hex=hex, lab=(lab[0], lab[1], lab[2]))

    @property
    def srgb(self) -> Floats:
        """(3,) sRGB in [0, 1]."""
        return hex_to_srgb(self.hex)

    @property
    def linear(self) -> Floats:
        """(3,) linear light in [0, 1]."""
        return srgb_to_linear(self.srgb)


def _agree(hex: str, lab: tuple[float, float, float]) -> bool:
    """Whether they differ by at most 1 ΔE00; rounded values are told by arithmetic, as numpy takes 200 µs a colour."""
    red, green, blue = (_LINEAR[int(hex[place : place + 2], 16)] for place in (1, 3, 5))
    x, y, z = (_root((r * red + g * green + b * blue) / white) for (r, g, b), white in _ROWS)
    computed = (116 * y - 16, 500 * (x - y), 200 * (y - z))
    if all(abs(here - there) <= ROUNDED for here, there in zip(computed, lab, strict=True)):
        return True
    return float(delta_e00(np.array(computed), np.array(lab))) <= 1.0


def _root(ratio: float) -> float:
    return ratio ** (1 / 3) if ratio > _EPSILON else (_KAPPA * ratio + 16) / 116


def hex_to_srgb(text: str) -> Floats:
    """`#rrggbb` to (3,) sRGB in [0, 1]; raises ValueError on any other form."""
    if not _HEX.fullmatch(text):
        raise ValueError(f"a colour is written #rrggbb in lower case, got {text!r}")
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255
