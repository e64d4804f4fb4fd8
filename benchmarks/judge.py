"""How a coloured picture is compared with the truth: by ΔE00, by its shading, by its highlights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from looks.colour import Swatch, delta_e00, srgb_to_lab
from models.types import Array


class Judgement(NamedTuple):
    """truth: mean ΔE00 to the truth; swatch: ΔE00 of the calm part's median; shading: correlation of lightness with the
    true shading where it is calm; highlight: lift of the brightest hundredth over the median, over the truth's."""

    truth: float
    swatch: float
    shading: float
    highlight: float


def judge(drawn: Array, truth: Array, inside: Array, calm: Array, shade: Array, swatch: Swatch) -> Judgement:
    """Two pictures (h, w, 3) uint8; inside, calm: (h, w) bool; shade: (h, w) what lightness should go with."""
    ours, real = (srgb_to_lab(one[inside] / 255) for one in (drawn, truth))
    quiet, shade = ours[calm[inside]], shade[calm & inside]
    spread = float(quiet[:, 0].std())
    return Judgement(
        float(delta_e00(ours, real).mean()),
        float(delta_e00(np.median(quiet, axis=0), np.array(swatch.lab))),
        float(np.corrcoef(quiet[:, 0], shade)[0, 1]) if spread > 1e-6 else 0.0,
        lift(ours[:, 0]) / max(lift(real[:, 0]), 0.5),
    )


def lift(lightness: Array) -> float:
    """Of the brightest hundredth over the median."""
    return float(np.percentile(lightness, 99) - np.median(lightness))


def mean(values: Iterable[float]) -> float:
    """To three places."""
    return round(float(np.mean(list(values))), 3)


def median(values: Iterable[float]) -> float:
    """To three places; not a number where there are none."""
    chosen = list(values)
    return round(float(np.median(chosen)), 3) if chosen else float("nan")
