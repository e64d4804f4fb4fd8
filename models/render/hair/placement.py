"""Where the colours of a style lie: what share of each strand's colour is which of the layer's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.hair import HairStyle
from models.render.hair.head import Head
from models.types import Array

OMBRE = (0.34, 0.80)  # along the hair, from where to where roots turn into ends
BALAYAGE = (0.22, 0.62)
ROOT = (0.42, 0.85)  # heights of the face, from where to where a shadow fades
FRAME = (0.04, 0.17)  # widths of the face, how far the strands beside it reach
SLICE = 0.25  # deviations of the strands' noise: thicker slices above, thinner below


@dataclass(frozen=True, slots=True)
class Weave:
    """(n,) noise that runs with the strands, mean 0 and deviation 1; fine: single strands as the photo shows them."""

    strand: Array
    clump: Array
    fine: Array


def shares(style: HairStyle, colours: int, head: Head, weave: Weave) -> Array:
    """(n, colours) of each strand's colour; less than 1 in sum where it keeps its own."""
    lightened = _lightened(style, head, weave)
    if colours == 1:
        return lightened[:, None]
    if colours == 2:
        return np.stack([1 - lightened, lightened], axis=-1)
    if style in (HairStyle.OMBRE, HairStyle.ROOT_SHADOW):
        middle = np.clip(1 - np.abs(2 * lightened - 1), 0, 1)
        return np.stack([np.maximum(1 - 2 * lightened, 0), middle, np.maximum(2 * lightened - 1, 0)], axis=-1)
    other = ramp(weave.clump + 0.3 * weave.strand, -0.5, 0.5) * lightened
    return np.stack([1 - lightened, lightened - other, other], axis=-1)


def _lightened(style: HairStyle, head: Head, weave: Weave) -> Array:
    """(n,) share of what is not the base."""
    ragged = 0.6 * weave.clump + 0.3 * weave.strand + 0.1 * weave.fine
    match style:
        case HairStyle.OMBRE:
            return ramp(head.along + 0.07 * ragged, *OMBRE)
        case HairStyle.BALAYAGE:
            swept = ramp(head.along + 0.10 * ragged + 0.12 * np.exp(-head.beside / 0.15), *BALAYAGE)
            painted = ramp(0.7 * weave.clump + 0.5 * weave.strand + 0.2 * weave.fine, -1.1, 0.9)
            # Towards the ends the strokes run together.
            together = 0.35 * ramp(head.along, 0.5, 1.0)
            return swept * (together + (0.92 - together) * painted)
        case HairStyle.HIGHLIGHTS:
            foil = ramp(weave.strand + 0.30 * weave.fine + 0.25 * weave.clump, SLICE - 0.6, SLICE + 0.9)
            return 0.92 * foil * ramp(head.faces + 0.05 * weave.strand, 0.05, 0.35)
        case HairStyle.MONEY_PIECE:
            near = 1 - ramp(head.beside + 0.05 * weave.clump + 0.03 * weave.strand, *FRAME)
            aside = ramp(np.abs(head.across), 0.10, 0.26)
            return near * aside * (0.70 + 0.30 * ramp(weave.strand + 0.3 * weave.fine, -1.2, 0.6))
        case HairStyle.ROOT_SHADOW:
            return ramp(head.faces + 0.10 * ragged, *ROOT)
        case _:
            return np.ones_like(head.along)


def ramp(x: Array, start: float, end: float) -> Array:
    """0 before start, 1 after end, smooth between."""
    t = np.clip((x - np.float32(start)) * np.float32(1 / (end - start)), 0, 1)
    smooth: Array = t * t * (3 - 2 * t)
    return smooth
