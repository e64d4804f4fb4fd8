"""A salon's own picture as it is printed: decoded once, shrunk by area to the size on the nail."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import resvg_py

from looks.picture import is_svg
from models.render.light import linear
from models.types import Array

SIDE = 512
"""Pixels of the longer side at which an SVG is drawn."""


@lru_cache(maxsize=64)
def print_of(image: bytes, side_px: int) -> Array:
    """(side, side, 4) float32: linear light times share, and share of paint; never enlarged. Raises ValueError."""
    full = _square(image)
    side = min(max(side_px, 4), len(full))
    shrunk: Array = cv2.resize(full, (side, side), interpolation=cv2.INTER_AREA)
    shrunk.setflags(write=False)
    return shrunk


@lru_cache(maxsize=16)
def _square(image: bytes) -> Array:
    """The whole picture in the middle of a transparent square."""
    png = resvg_py.svg_to_bytes(svg_string=image.decode(), width=SIDE) if is_svg(image) else image
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint8:
        raise ValueError("the picture cannot be read")
    match read.ndim:
        case 2:
            rgba = cv2.cvtColor(read, cv2.COLOR_GRAY2RGBA)
        case _:
            rgba = cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA if read.shape[2] == 4 else cv2.COLOR_BGR2RGBA)
    share = rgba[..., 3:].astype(np.float32) / 255
    paint = np.concatenate([linear(rgba[..., :3]) * share, share], axis=-1)
    rows, columns = paint.shape[:2]
    side = max(rows, columns)
    square = np.zeros((side, side, 4), np.float32)
    top, left = (side - rows) // 2, (side - columns) // 2
    square[top : top + rows, left : left + columns] = paint
    return square
