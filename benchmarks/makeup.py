"""How near make-up comes to photographs of made-up faces, which the truth forms without our renderers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.face import SAMPLE
from benchmarks.truth.face import BLUSHES, FOUNDATIONS, LIPSTICKS, SIDE, Mouth
from benchmarks.truth.face import Cheeks as CheeksSitting
from benchmarks.truth.palette import LIGHTS, MONK, NEUTRAL
from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finish import Coverage, LipFinish, SkinFinish
from looks.layer import Base, Cheeks, Lips
from looks.material import material_of
from models.analyse.illuminant import illuminant_of_faces
from models.decode import decode
from models.detect.face import FaceDetector
from models.render.face import BaseRenderer, CheeksRenderer
from models.render.face.base import HIDES
from models.render.face.cheeks import STYLES
from models.render.face.ground import wearers
from models.render.face.places import union
from models.render.lips import LipsRenderer
from models.render.renderer import light_of
from models.segment.mouth import INNER, OUTER
from models.types import Array, Box, Face, Mask, Photo, Scan, Skin
from models.types import Lips as LipsFound

TONES = range(1, len(MONK) + 1)
TONE_GROUPS = {"light": range(1, 4), "medium": range(4, 8), "dark": range(8, 11)}
OPAQUE = frozenset({LipFinish.MATTE, LipFinish.SATIN})
THIN = frozenset({LipFinish.SHEER, LipFinish.GLOSS})
WHOLE = Box(0, 0, SIDE, SIDE)


@dataclass(frozen=True, slots=True)
class Case:
    """One product on one face; ΔE00. swatch: of the calm part's median from the swatch, None where it shows through."""

    tone: int
    colour: str
    light: str
    product: str
    truth: float
    swatch: float | None


def measure_lips(
    say: Callable[[str], None] = lambda _: None,
    *,
    tones: Sequence[int] = TONES,
    colours: Sequence[str] = tuple(LIPSTICKS),
    lights: Sequence[str] = tuple(LIGHTS),
) -> dict[str, Any]:
    """Plain lipsticks on every tone under every light."""
    found = []
    for light in lights:
        for tone in tones:
            sitting = Mouth(tone, light)
            scan = _mouth_scan(sitting)
            for finish in sorted(OPAQUE | THIN):
                for colour in colours:
                    found.append(_lipstick(sitting, scan, colour, finish))
        say(f"lips, {light}: ΔE00 {_mean(one.truth for one in found if one.light == light):.2f}")
    return _summary(found, colours, lights, tones)


def measure_skin(
    say: Callable[[str], None] = lambda _: None,
    *,
    tones: Sequence[int] = TONES,
    lights: Sequence[str] = tuple(LIGHTS),
) -> dict[str, Any]:
    """Foundations of every coverage, and blushes, on every tone under every light."""
    found = []
    for light in lights:
        for tone in tones:
            sitting = CheeksSitting(tone, light)
            scan = _skin_scan(sitting)
            for coverage in Coverage:
                found += [_foundation(sitting, scan, colour, coverage) for colour in FOUNDATIONS]
            found += [_blush(sitting, scan, colour) for colour in BLUSHES]
        say(f"skin, {light}: ΔE00 {_mean(one.truth for one in found if one.light == light):.2f}")
    return _summary(found, [*FOUNDATIONS, *BLUSHES], lights, tones)


def _lipstick(sitting: Mouth, scan: Scan, colour: str, finish: LipFinish) -> Case:
    swatch, material = Swatch.of(LIPSTICKS[colour]), material_of(finish)
    hiding = None if finish in OPAQUE else 1 - (1 - material.coverage) ** 2
    gloss = 0.1 + material.clear_coat
    truth = sitting.painted(swatch.linear, hiding, 0.1 + 0.6 * material.roughness, gloss)
    canvas = sitting.bare.copy()
    LipsRenderer().draw(canvas, scan, Lips(colours=(swatch,), finish=finish))
    inside = sitting.places[2] > 0.5
    middle = _lab(canvas, sitting.calm)
    away = float(delta_e00(middle, np.array(swatch.lab))) if finish in OPAQUE else None
    return Case(sitting.tone, colour, sitting.light, finish.value, _apart(canvas, truth, inside), away)


def _foundation(sitting: CheeksSitting, scan: Scan, colour: str, coverage: Coverage) -> Case:
    swatch = Swatch.of(FOUNDATIONS[colour])
    canvas = sitting.bare.copy()
    BaseRenderer().draw(canvas, scan, Base(colours=(swatch,), coverage=coverage))
    inside = _open_places(scan)
    truth = sitting.founded(swatch.linear, HIDES[coverage], np.ones((SIDE, SIDE)))
    away = float(delta_e00(_lab(canvas, inside), np.array(swatch.lab))) if coverage is Coverage.FULL else None
    return Case(sitting.tone, colour, sitting.light, coverage.value, _apart(canvas, truth, inside), away)


def _blush(sitting: CheeksSitting, scan: Scan, colour: str) -> Case:
    swatch, finish = Swatch.of(BLUSHES[colour]), SkinFinish.MATTE
    canvas = sitting.bare.copy()
    CheeksRenderer().draw(canvas, scan, Cheeks(colours=(swatch,), finish=finish))
    (wearer,) = wearers(sitting.bare, scan, light_of(scan))
    swept = union([one.share(WHOLE) for group in STYLES["blush"](wearer, 1) for _, one in group])
    share = swept * wearer.free(WHOLE)
    truth = sitting.powdered(swatch.linear, material_of(finish).coverage, share)
    return Case(sitting.tone, colour, sitting.light, "blush", _apart(canvas, truth, share > 0.2), None)


def _mouth_scan(sitting: Mouth) -> Scan:
    """What the pipeline would know of a mouth, with its exact mask."""
    points = np.zeros((468, 3), np.float32)
    there = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 11))
    t = np.concatenate([there, there[-2:0:-1]])
    top, seam, bottom = (np.interp(t, np.linspace(-1, 1, 201), line) for line in sitting.lines)
    for ring, height in ((OUTER, np.where(np.arange(20) <= 10, top, bottom)), (INNER, seam)):
        points[list(ring), :2] = (np.stack([t * 0.72, height], axis=1) + 1) / 2 * SIDE
    cover = sitting.places[2]
    alpha, skin = (np.round(255 * share).astype(np.uint8) for share in (cover, 1 - cover))
    light = illuminant_of_faces(Photo(sitting.bare), [Mask(skin, WHOLE)])
    return Scan(faces=(Face(points, WHOLE, 1.0),), lips=(LipsFound(Mask(alpha, WHOLE), 0),), illuminant=light)


def _skin_scan(sitting: CheeksSitting) -> Scan:
    """What the pipeline would know of a face, with an exact mask of its skin."""
    skin = Mask(np.round(255 * sitting.cover).astype(np.uint8), WHOLE)
    light = illuminant_of_faces(Photo(sitting.bare), [skin])
    return Scan(faces=(Face(_mesh(), WHOLE, 1.0),), skin=(Skin(skin, 0),), illuminant=light)


@lru_cache(maxsize=1)
def _mesh() -> Array:
    """The sample portrait's mesh, of which only the geometry is used, fitted into the truth's face."""
    with FaceDetector() as detector:
        points = detector.detect(decode(SAMPLE.read_bytes()))[0].landmarks.copy()
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    scale = 0.80 * SIDE / float((high - low).max())
    points[:, :2] = (points[:, :2] - (low + high) / 2) * scale + SIDE / 2
    points[:, 2] *= scale
    return points


def _open_places(scan: Scan) -> Array:
    """Bool over the picture: discs on cheeks, forehead and chin, which a base covers wholly."""
    (face,) = scan.faces or ()
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    middles = face.landmarks[[50, 280, 205, 425, 151, 199], :2]
    away = np.hypot(x[..., None] - middles[:, 0], y[..., None] - middles[:, 1]).min(axis=-1)
    found: Array = away < 0.03 * SIDE
    return found


def _apart(drawn: Array, truth: Array, inside: Array) -> float:
    """Mean ΔE00 between two pictures."""
    ours, real = (srgb_to_lab(one[inside] / 255) for one in (drawn, truth))
    return float(delta_e00(ours, real).mean())


def _lab(rgb: Array, inside: Array) -> Array:
    median: Array = np.median(srgb_to_lab(rgb[inside] / 255), axis=0)
    return median


def _summary(
    cases: Sequence[Case], colours: Iterable[str], lights: Iterable[str], tones: Iterable[int]
) -> dict[str, Any]:
    groups = [
        _mean(one.truth for one in cases if one.tone in group)
        for group in TONE_GROUPS.values()
        if any(one.tone in group for one in cases)
    ]
    by_colour = {name: _mean(one.truth for one in cases if one.colour == name) for name in colours}
    neutral = [one.swatch for one in cases if one.light == NEUTRAL and one.swatch is not None]
    return {
        "n": len(cases),
        "delta_e_truth_mean": _mean(one.truth for one in cases),
        "delta_e_truth_max": max(by_colour.values()),
        "delta_e_swatch_median": round(float(np.median(neutral)), 3) if neutral else None,
        "tone_gap": round(max(groups) - min(groups), 3),
        "by_colour": by_colour,
        "by_light": {name: _mean(one.truth for one in cases if one.light == name) for name in lights},
        "by_tone": {str(tone): _mean(one.truth for one in cases if one.tone == tone) for tone in tones},
        "by_product": {
            name: _mean(one.truth for one in cases if one.product == name)
            for name in sorted({one.product for one in cases})
        },
    }


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 3)
