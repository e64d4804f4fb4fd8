"""How near painted nails come to photographs of painted nails, which the truth forms without our renderer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2

from benchmarks import hair_colour
from benchmarks.judge import Judgement, judge, mean, median
from benchmarks.recolour import RECOLOURS
from benchmarks.truth import flat
from benchmarks.truth.flat import FlatSitting
from benchmarks.truth.palette import LACQUERS, LIGHTS, MONK, NEUTRAL, linear_of
from benchmarks.truth.photo import OPAQUE, PLAIN, Sitting
from looks.colour import Swatch, hex_to_srgb
from looks.finish import NailFinish
from looks.layer import NailPolish
from models.analyse.illuminant import estimate_illuminant
from models.render.nails import PolishRenderer
from models.types import Array, Nail, Photo, Scan

TONES = range(1, len(MONK) + 1)
TONE_GROUPS = {"light": range(1, 4), "medium": range(4, 8), "dark": range(8, 11)}
EFFECT_TONES, EFFECT_LIGHTS = (2, 6, 9), (NEUTRAL, "tungsten")
BLUR = 4.0  # pixels: flakes lie where they like, and are compared by what they add up to
STEP = 2  # every second pixel, each way


@dataclass(frozen=True, slots=True)
class Case:
    """One painted nail against the truth; all ΔE00. swatch: of the calm part's median, from the swatch."""

    tone: int
    colour: str
    light: str
    finish: NailFinish
    truth: float
    swatch: float
    shading: float
    highlight: float


def measure(
    say: Callable[[str], None] = lambda _: None,
    *,
    tones: Sequence[int] = TONES,
    colours: Sequence[str] = tuple(LACQUERS),
    lights: Sequence[str] = tuple(LIGHTS),
) -> dict[str, Any]:
    """Paint every finish, tone, colour and light; fewer for a quick look. say: hears of progress."""
    plain: list[Case] = []
    for light in lights:
        plain += _cases(tones, colours, [light], sorted(PLAIN))
        say(f"{light}: ΔE00 {mean(c.truth for c in plain if c.light == light):.2f}")
    effects = {}
    for finish in sorted(set(NailFinish) - PLAIN):
        found = _cases(
            [t for t in EFFECT_TONES if t in tones] or tones[:1],
            colours,
            [one for one in EFFECT_LIGHTS if one in lights] or lights[:1],
            [finish],
            blur=BLUR,
        )
        effects[finish.value] = _effect(found)
    say("metals, films and textures done")
    return {
        "n": len(plain),
        **_summary(plain),
        "by_colour": {name: mean(c.truth for c in plain if c.colour == name) for name in colours},
        "by_light": {name: mean(c.truth for c in plain if c.light == name) for name in lights},
        "by_tone": {str(tone): mean(c.truth for c in plain if c.tone == tone) for tone in tones},
        "by_finish": {f.value: mean(c.truth for c in plain if c.finish is f) for f in sorted(PLAIN)},
        "effects": effects,
        "flat_scenes": _flat(tones, colours),
        "hair": hair_colour.measure(say, tones=tones, lights=lights),
    }


def _cases(
    tones: Sequence[int],
    colours: Sequence[str],
    lights: Sequence[str],
    finishes: Iterable[NailFinish],
    blur: float = 0.0,
) -> list[Case]:
    renderer, found = PolishRenderer(), []
    for tone in tones:
        for light in lights:
            sitting = Sitting(tone, light)
            scan = scanned(sitting.bare, sitting.shape.nail)
            for finish in finishes:
                for colour in colours:
                    layer = NailPolish(swatch=Swatch.of(LACQUERS[colour]), finish=finish)
                    if not renderer.supports(layer):
                        continue
                    canvas = sitting.bare.copy()
                    renderer.draw(canvas, scan, layer)
                    judged = _judged(canvas, sitting.painted(layer), sitting, layer.swatch, blur)
                    found.append(Case(tone, colour, light, finish, *judged))
    return found


def scanned(photo: Array, nail: Nail) -> Scan:
    """What the pipeline would know of a photo, with the exact mask of its nail."""
    return Scan(nails=(nail,), illuminant=estimate_illuminant(Photo(photo), (nail,)))


def _judged(
    drawn: Array, truth: Array, sitting: Sitting | FlatSitting, swatch: Swatch, blur: float = 0.0
) -> Judgement:
    """ΔE00 to the truth and to the swatch, correlation with the true shading, ratio of the highlights' lift."""
    inside = sitting.inside if isinstance(sitting, FlatSitting) else sitting.shape.inside
    if blur:
        drawn, truth = (cv2.GaussianBlur(one, (0, 0), blur) for one in (drawn, truth))
    view = slice(None, None, STEP), slice(None, None, STEP)
    inside, calm, shade = inside[view], sitting.calm[view], sitting.shade[view]
    return judge(drawn[view], truth[view], inside, calm, shade, swatch)


def _summary(cases: Sequence[Case]) -> dict[str, float]:
    """The figures that are gated: of all plain finishes, of opaque ones what is about swatch and shading."""
    opaque = [c for c in cases if c.finish in OPAQUE]
    groups = [
        mean(c.truth for c in cases if c.tone in group)
        for group in TONE_GROUPS.values()
        if any(c.tone in group for c in cases)
    ]
    by_colour = [mean(c.truth for c in cases if c.colour == name) for name in {c.colour for c in cases}]
    return {
        "delta_e_truth_mean": mean(c.truth for c in cases),
        "delta_e_truth_max": max(by_colour),
        "delta_e_swatch_median": median(c.swatch for c in opaque if c.light == NEUTRAL),
        "shading_corr": median(c.shading for c in opaque),
        "highlight_ratio": median(c.highlight for c in opaque if c.finish is not NailFinish.MATTE),
        "tone_gap": round(max(groups) - min(groups), 3),
    }


def _effect(cases: Sequence[Case]) -> dict[str, Any]:
    """One effect finish; blurred pictures, since flakes lie where they like."""
    if not cases:
        return {"painted": False}
    return {
        "painted": True,
        "n": len(cases),
        "delta_e_truth_mean": mean(c.truth for c in cases),
        "highlight_ratio": median(c.highlight for c in cases),
    }


def _flat(tones: Sequence[int], colours: Sequence[str]) -> dict[str, Any]:
    """Ours beside six usual recolourings on flat nails under three lights."""
    names = ["ours", *(one.__name__ for one in RECOLOURS)]
    rows: dict[str, list[tuple[str, str, float, float, float, float]]] = {name: [] for name in names}
    for tone in tones:
        for light in flat.LIGHTS:
            sitting = FlatSitting(tone, light)
            scan = scanned(sitting.bare, sitting.nail)
            for colour in colours:
                swatch = Swatch.of(LACQUERS[colour])
                truth = sitting.painted(linear_of(swatch.hex))
                ours = sitting.bare.copy()
                PolishRenderer().draw(ours, scan, NailPolish(swatch=swatch))
                drawn = [ours] + [
                    one(sitting.bare, sitting.cover, hex_to_srgb(swatch.hex)) for one in RECOLOURS
                ]
                for name, picture in zip(names, drawn, strict=True):
                    rows[name].append((light, colour, *_judged(picture, truth, sitting, swatch)))
    return {
        name: {
            "delta_e_truth_mean": mean(row[2] for row in found),
            "delta_e_truth_max": max(mean(row[2] for row in found if row[1] == c) for c in colours),
            "delta_e_swatch_median": median(row[3] for row in found if row[0] == "d65"),
            "shading_corr": median(row[4] for row in found),
            "highlight_ratio": median(row[5] for row in found),
            "by_light": {light: mean(row[2] for row in found if row[0] == light) for light in flat.LIGHTS},
        }
        for name, found in rows.items()
    }
