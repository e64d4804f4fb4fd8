"""How true and how even-handed skin tones are: faces of all ten Monk tones under five lights, against what they are.

The truth is computed here, from the albedo that a face was formed of; nothing of it comes from the analysis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.truth.palette import LIGHTS, MONK
from benchmarks.truth.visage import Face as Visage
from looks.colour import delta_e00, lab_to_linear, linear_to_lab, linear_to_srgb
from models.analyse.portrait import Portrait, portrait_of
from models.decode import decode
from models.detect.face import FaceDetector
from models.types import Array, Box, Face, Photo, Scan

FACE = Path(__file__).parents[1] / "assets" / "samples" / "faces" / "astronaut.jpg"
"""Whose relief the faces have."""
SIZE, MARGIN = 420, 0.22
BLOOD = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One face. ita, monk: error in degrees and steps; apart: ΔE00 of the skin's colour; blind: without the light."""

    tone: int
    light: str
    ita: float
    monk: float
    apart: float
    blind: float
    covered: bool


def measure(say: Callable[[str], None]) -> dict[str, Any]:
    """Analyse every face, and compare with what it was formed of.

    Returns errors of the individual typology angle (degrees), of the nearest swatch (steps) and of the colour (ΔE00,
    also `blind`: taken as the photo shows it), their means over tones and lights, the `gap` between the best and the
    worst tone, and `covered`: how often the angle lay within two standard deviations as told.
    """
    points = relief()
    judged = []
    for tone in range(1, len(MONK) + 1):
        say(f"tone {tone}")
        for light in LIGHTS:
            judged += [_judged(Visage(points, (SIZE, SIZE), tone, light, blood)) for blood in BLOOD]
    tones = _grouped(judged, lambda one: f"{one.tone:02}")
    return {
        "n": len(judged),
        **_means(judged),
        "monk_exact": _share(one.monk == 0 for one in judged),
        "monk_within_one": _share(one.monk <= 1 for one in judged),
        "gap_ita_deg": _gap(tones, "ita_error_deg"),
        "gap_de00": _gap(tones, "de00"),
        "gap_monk": _gap(tones, "monk_error"),
        "tones": tones,
        "lights": _grouped(judged, lambda one: one.light),
    }


def relief() -> Array:
    """(478, 3) a mesh in pixels of the picture."""
    with FaceDetector() as detector:
        points = detector.detect(decode(FACE.read_bytes()))[0].landmarks.astype(np.float64)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    scale = SIZE * (1 - 2 * MARGIN) / float((high - low).max())
    points = points * scale
    points[:, :2] += SIZE / 2 - scale * (low + high) / 2
    return points


def _judged(visage: Visage) -> Judged:
    found = _analysed(visage)
    if found.tone is None:
        raise ValueError(f"no skin was seen of tone {visage.tone} under {visage.light}")
    truth = linear_to_lab(visage.albedo)
    real, told = _ita(visage.albedo), found.tone.ita_deg
    seen = lab_to_linear(np.array(found.tone.lab)) * found.illuminant.linear
    return Judged(
        tone=visage.tone,
        light=visage.light,
        ita=abs(told - real),
        monk=abs(found.tone.monk - _nearest(truth)),
        apart=float(delta_e00(np.array(found.tone.lab), truth)),
        blind=float(delta_e00(linear_to_lab(seen), truth)),
        covered=abs(told - real) <= 2 * found.tone.ita_error_deg,
    )


def _analysed(visage: Visage) -> Portrait:
    low = np.maximum(np.floor(visage.points[:, :2].min(axis=0)), 0).astype(int).tolist()
    high = np.minimum(np.ceil(visage.points[:, :2].max(axis=0)), SIZE).astype(int).tolist()
    face = Face(visage.points.astype(np.float32), Box(*low, *high), 1.0)
    portrait = portrait_of(Photo(visage.photo), Scan(faces=(face,)))
    assert portrait is not None
    return portrait


def _ita(albedo: Array) -> float:
    """Individual typology angle of a reflectance (Chardon 1991), by another road than the analysis takes."""
    rgb = linear_to_srgb(albedo).astype(np.float32)
    lightness, _, b = cv2.cvtColor(rgb[None, None], cv2.COLOR_RGB2Lab)[0, 0]
    return float(np.degrees(np.arctan2(lightness - 50, b)))


def _nearest(lab: Array) -> int:
    """Number of the swatch that a truth is nearest to: blood moves a tone."""
    swatches = cv2.cvtColor(
        np.array([[[int(tone[at : at + 2], 16) / 255 for at in (1, 3, 5)] for tone in MONK]], np.float32),
        cv2.COLOR_RGB2Lab,
    )[0]
    return int(delta_e00(swatches.astype(np.float64), lab).argmin()) + 1


def _means(judged: Iterable[Judged]) -> dict[str, float]:
    found = list(judged)
    means = {
        "ita_error_deg": np.mean([one.ita for one in found]),
        "monk_error": np.mean([one.monk for one in found]),
        "de00": np.mean([one.apart for one in found]),
        "de00_blind": np.mean([one.blind for one in found]),
        "covered": np.mean([one.covered for one in found]),
    }
    return {name: round(float(value), 3) for name, value in means.items()}


def _share(held: Iterable[bool]) -> float:
    return round(float(np.mean(list(held))), 3)


def _gap(groups: dict[str, dict[str, float]], name: str) -> float:
    values = [figures[name] for figures in groups.values()]
    return round(max(values) - min(values), 3)


def _grouped(judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, dict[str, float]]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return {name: _means(group) for name, group in sorted(groups.items())}
