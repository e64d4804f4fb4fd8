"""How near coloured hair comes to photographs of coloured hair, which the truth forms without our renderer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.judge import Judgement, judge, mean, median
from benchmarks.truth.hair import LEVELS, TARGETS, HairSitting
from benchmarks.truth.palette import LIGHTS, MONK, NEUTRAL
from looks.colour import Swatch
from looks.hair import level_of, nearest
from looks.layer import Hair
from models.analyse.hair_level import read_hair
from models.analyse.illuminant import estimate_illuminant
from models.render.hair import HairRenderer
from models.types import Array, Illuminant, Nail, Photo, Scan

TONES = range(1, len(MONK) + 1)
TONE_GROUPS = {"light": range(1, 4), "medium": range(4, 8), "dark": range(8, 11)}
STARTS = (2, 4, 6, 8)
VIEW = slice(None, None, 2), slice(None, None, 2)
"""Every second pixel, each way."""


@dataclass(frozen=True, slots=True)
class Case:
    """One coloured lock against the truth."""

    tone: int
    start: int
    target: str
    light: str
    judged: Judgement


def measure(
    say: Callable[[str], None] = lambda _: None,
    *,
    tones: Sequence[int] = TONES,
    lights: Sequence[str] = tuple(LIGHTS),
    starts: Sequence[int] = STARTS,
    targets: Sequence[str] = tuple(TARGETS),
) -> dict[str, Any]:
    """Colour every level of hair to every target beside every skin tone in every light. say: hears of progress."""
    cases: list[Case] = []
    for light in lights:
        for tone in tones:
            cases += _cases(HairSitting(tone, light), starts, targets)
    say(f"hair: ΔE00 {mean(c.judged.truth for c in cases):.2f}")
    known = [c for tone in tones for c in _cases(HairSitting(tone, NEUTRAL), starts, targets, Illuminant())]
    return {
        "n": len(cases),
        **_summary(cases),
        "by_target": {name: mean(c.judged.truth for c in cases if c.target == name) for name in targets},
        "by_start": {str(start): mean(c.judged.truth for c in cases if c.start == start) for start in starts},
        "by_light": {name: mean(c.judged.truth for c in cases if c.light == name) for name in lights},
        "by_tone": {str(tone): mean(c.judged.truth for c in cases if c.tone == tone) for tone in tones},
        "known_light": {
            "delta_e_truth_mean": mean(c.judged.truth for c in known),
            "delta_e_swatch_median": median(c.judged.swatch for c in known),
        },
        "level": _levels(tones, lights),
    }


def scanned(sitting: HairSitting, photo: Array, light: Illuminant | None = None) -> Scan:
    """What the pipeline would know of a lock, with its exact matte.

    The light is estimated as nails have it, from skin and surroundings: the cheek stands for the skin behind a cuticle.
    """
    cheek = sitting.cheek
    middle = (cheek.x0 + cheek.x1) / 2
    reach = float(cheek.shape[0]) / 0.7
    axis = np.array([[middle, cheek.y0 - 0.05 * reach], [middle, cheek.y0 - 1.05 * reach]], np.float32)
    skin = Nail(sitting.hair.mask, axis, float(cheek.shape[1]), 1.0)
    return Scan(hair=(sitting.hair,), illuminant=light or estimate_illuminant(Photo(photo), (skin,)))


def _cases(
    sitting: HairSitting, starts: Sequence[int], targets: Sequence[str], light: Illuminant | None = None
) -> list[Case]:
    renderer, found = HairRenderer(), []
    photos = {start: sitting.before(start) for start in starts}
    scans = {start: scanned(sitting, photo, light) for start, photo in photos.items()}
    inside = sitting.inside[VIEW]
    for target in targets:
        swatch = Swatch.of(TARGETS[target])
        layer = Hair(colours=(swatch,), level=nearest(level_of(swatch.lab[0])))
        truth, shade = sitting.after(swatch.hex)[VIEW], sitting.shading(swatch.hex)[VIEW]
        calm = sitting.plain(swatch.hex)[VIEW]
        for start, photo in photos.items():
            canvas = photo.copy()
            renderer.draw(canvas, scans[start], layer)
            judged = judge(canvas[VIEW], truth, inside, calm, shade, swatch)
            found.append(Case(sitting.tone, start, target, sitting.light, judged))
    return found


def _summary(cases: Sequence[Case]) -> dict[str, float]:
    """The figures that are gated."""
    groups = [
        mean(c.judged.truth for c in cases if c.tone in group)
        for group in TONE_GROUPS.values()
        if any(c.tone in group for c in cases)
    ]
    by_target = [
        mean(c.judged.truth for c in cases if c.target == name) for name in {c.target for c in cases}
    ]
    return {
        "delta_e_truth_mean": mean(c.judged.truth for c in cases),
        "delta_e_truth_max": max(by_target),
        "delta_e_swatch_median": median(c.judged.swatch for c in cases if c.light == NEUTRAL),
        "shading_corr": median(c.judged.shading for c in cases),
        "highlight_ratio": median(c.judged.highlight for c in cases),
        "tone_gap": round(max(groups) - min(groups), 3),
    }


def _levels(tones: Sequence[int], lights: Sequence[str]) -> dict[str, Any]:
    """How far the level that is read lies from the level that the hair has."""
    away: dict[str, list[float]] = {light: [] for light in lights}
    for light in lights:
        for tone in tones:
            sitting = HairSitting(tone, light)
            for level in LEVELS:
                photo = sitting.before(level)
                known = scanned(sitting, photo).illuminant or Illuminant()
                reading = read_hair(Photo(photo), sitting.hair.mask, known)
                away[light].append(abs(reading.level - level))
    return {
        "error_mean": mean(one for found in away.values() for one in found),
        "within_one": mean(one <= 1.0 for found in away.values() for one in found),
        "by_light": {light: mean(found) for light, found in away.items()},
    }
