"""The outline of a nail plate as a family of curves: two half superellipses, rounder at the free edge.

A plate is five numbers in patch coordinates (see fingertip): cuticle u, length, width, middle v, turn in radians.
"""

from __future__ import annotations

import numpy as np

from models.types import Array

POINTS = 28
CUTICLE_EXPONENT, TIP_EXPONENT = 2.6, 2.5

_T = np.linspace(0, 2 * np.pi, POINTS, endpoint=False)
_COS, _SIN = np.cos(_T), np.sin(_T)
_EXPONENT = np.where(_SIN > 0, TIP_EXPONENT, CUTICLE_EXPONENT)
_X = (np.sign(_COS) * np.abs(_COS) ** (2 / _EXPONENT)).astype(np.float32)
_Y = (np.sign(_SIN) * np.abs(_SIN) ** (2 / _EXPONENT)).astype(np.float32)
_NX = (np.sign(_COS) * np.abs(_X) ** (_EXPONENT - 1)).astype(np.float32)
_NY = (np.sign(_SIN) * np.abs(_Y) ** (_EXPONENT - 1)).astype(np.float32)

ON_SKIN = _SIN < 0.45  # the part of the outline that borders on skin: cuticle and side walls

FREE_EDGE = _SIN > 0.6


def normals(plates: Array) -> tuple[Array, Array]:
    """(k, 5) plates to the outward unit normals' v and u parts, each (k, POINTS)."""
    nx, ny = _NX / plates[:, 2:3], _NY / plates[:, 1:2]
    length = np.hypot(nx, ny)
    nx, ny = nx / length, ny / length
    cos, sin = np.cos(plates[:, 4:5]), np.sin(plates[:, 4:5])
    return nx * cos - ny * sin, nx * sin + ny * cos


def points(plates: Array, scale: float = 1.0) -> tuple[Array, Array]:
    """(k, 5) plates to their outlines' v and u, each (k, POINTS); scale shrinks towards the plate's middle."""
    half_length, half_width = plates[:, 1:2] / 2, plates[:, 2:3] / 2
    cos, sin = np.cos(plates[:, 4:5]), np.sin(plates[:, 4:5])
    v, u = scale * half_width * _X, scale * half_length * _Y
    return plates[:, 3:4] + v * cos - u * sin, plates[:, 0:1] + half_length + v * sin + u * cos
