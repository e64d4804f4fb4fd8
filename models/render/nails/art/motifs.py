"""The motifs that ship with the product, and the same at the size at which they are printed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from looks.art import Motif
from models.types import Array

FOLDER = Path(__file__).parents[4] / "assets" / "art"


@lru_cache(maxsize=len(Motif))
def plates(motif: Motif) -> Array:
    """(h, w, n) uint8: share of each ink; a square, drawn by `python -m lab.art`."""
    read = cv2.imread(str(FOLDER / f"{motif}.png"), cv2.IMREAD_COLOR)
    if read is None:
        raise FileNotFoundError(FOLDER / f"{motif}.png")
    used = [number for number in range(3) if read[..., 2 - number].any()]
    inks: Array = np.ascontiguousarray(read[..., ::-1][..., : used[-1] + 1])
    return inks


@lru_cache(maxsize=256)
def at_size(motif: Motif, side_px: int) -> Array:
    """(side, side, n) float32 in [0, 1]: plates shrunk by area to side_px, never enlarged."""
    full = plates(motif)
    side = min(max(side_px, 4), len(full))
    shrunk = cv2.resize(full, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    shrunk = shrunk.reshape(side, side, -1)
    shrunk.setflags(write=False)
    return shrunk
