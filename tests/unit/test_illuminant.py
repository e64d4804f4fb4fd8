"""The colour of the light: near neutral where it is neutral, and most of a cast told where there is one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.truth.palette import LIGHTS
from benchmarks.truth.photo import Sitting
from looks.colour import Swatch, delta_e00, linear_to_srgb, srgb_to_lab, srgb_to_linear
from looks.layer import NailPolish
from models.analyse.illuminant import estimate_illuminant
from models.render.nails import PolishRenderer
from models.types import Array, Box, Illuminant, Mask, Nail, Photo, Scan

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples" / "hands"
INDEX: dict[str, Any] = json.loads((SAMPLES / "index.json").read_text())["samples"]
DORSAL = [name for name, entry in INDEX.items() if entry["side"] == "dorsal"]
CASTS = {"warm": (1.2, 0.97, 0.66), "cool": (0.9, 1.01, 1.2), "green": (0.93, 1.05, 0.85)}


@cache
def sample(name: str) -> tuple[Array, tuple[Nail, ...]]:
    """Photo and exact nails."""
    entry = INDEX[name]
    values = np.asarray(Image.open(SAMPLES / entry["masks"]))
    nails = []
    for nail in entry["nails"]:
        mine = values == nail["value"]
        rows, columns = np.nonzero(mine)
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        axis = np.array(nail["axis"], np.float32)
        width = float(mine.sum() / max(np.hypot(*(axis[1] - axis[0])), 1))
        nails.append(Nail(Mask(mine[box.slices].astype(np.uint8) * 255, box), axis, width, 1.0))
    return np.asarray(Image.open(SAMPLES / entry["image"]).convert("RGB")), tuple(nails)


def under(rgb: Array, gains: tuple[float, ...]) -> Array:
    """The same photo under another light."""
    lit = srgb_to_linear(np.arange(256) / 255)[:, None] * np.array(gains) * 0.9
    table = np.round(linear_to_srgb(lit) * 255).astype(np.uint8)
    cast: Array = np.stack([table[rgb[..., i], i] for i in range(3)], axis=-1)
    return cast


def chromaticity(gains: tuple[float, ...] | list[float]) -> Array:
    log = np.log(np.array(gains))
    ratio: Array = log[[0, 2]] - log[1]
    return ratio


def left(name: str, cast: tuple[float, ...] = (1.0, 1.0, 1.0)) -> tuple[float, float]:
    """Distance of the true light from neutral, and from the estimate."""
    rgb, nails = sample(name)
    told = estimate_illuminant(Photo(under(rgb, cast)), nails)
    true = chromaticity(INDEX[name]["illuminant"]) + chromaticity(cast)
    return float(np.hypot(*true)), float(np.hypot(*(true - chromaticity(told.gains))))


def test_under_neutral_light_the_estimate_stays_near_neutral() -> None:
    neutral = [name for name in DORSAL if INDEX[name]["illuminant"] == [1.0, 1.0, 1.0]]
    off = [left(name)[1] for name in neutral]
    assert len(off) >= 8
    assert np.mean(off) < 0.08
    assert max(off) < 0.18


@pytest.mark.parametrize("cast", CASTS)
def test_a_good_part_of_a_cast_is_told(cast: str) -> None:
    none, after = np.mean([left(name, CASTS[cast]) for name in DORSAL[::2]], axis=0)
    assert after < (0.85 if cast == "green" else 0.72) * none


def test_it_is_not_worse_than_none_on_average_as_photos_are() -> None:
    none, after = np.mean([left(name) for name in DORSAL], axis=0)
    assert after <= none


def test_luminance_stays_and_confidence_is_a_share() -> None:
    rgb, nails = sample(DORSAL[0])
    told = estimate_illuminant(Photo(under(rgb, CASTS["warm"])), nails)
    assert float(np.array(told.gains) @ [0.2126, 0.7152, 0.0722]) == pytest.approx(1.0)
    assert 0 <= told.confidence <= 1


def test_without_a_nail_the_light_is_taken_as_neutral() -> None:
    assert estimate_illuminant(Photo(np.full((40, 40, 3), 130, np.uint8)), ()) == Illuminant()


def test_white_polish_takes_the_colour_of_the_light() -> None:
    sitting, white = Sitting(5, "tungsten"), NailPolish(swatch=Swatch.of("#f4f1ec"))
    truth = srgb_to_lab(sitting.painted(white)[sitting.calm] / 255)

    def off(illuminant: Illuminant | None) -> float:
        canvas = sitting.bare.copy()
        PolishRenderer().draw(canvas, Scan(nails=(sitting.shape.nail,), illuminant=illuminant), white)
        return float(delta_e00(srgb_to_lab(canvas[sitting.calm] / 255), truth).mean())

    told = estimate_illuminant(Photo(sitting.bare), (sitting.shape.nail,))
    gains = np.array(LIGHTS["tungsten"].gains)
    red, green, blue = (gains / float(gains @ [0.2126, 0.7152, 0.0722])).tolist()
    assert off(told) < 0.75 * off(None)
    assert off(Illuminant((red, green, blue), 1.0)) < off(told)
