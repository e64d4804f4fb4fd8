"""Painted nails against the exact nails of the sample hands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from looks.colour import Swatch, delta_e00, linear_to_lab, srgb_to_lab
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.look import Look
from models.pipeline import Studio, TryOnResult
from models.types import Array
from tests.golden.cases import SAMPLES

INDEX: dict[str, Any] = json.loads((SAMPLES / "index.json").read_text())["samples"]
OPEN = sorted(n for n, entry in INDEX.items() if entry["pose"] == "open" and entry["side"] == "dorsal")
SWATCHES = {
    name: Swatch.of(hex) for name, hex in (("red", "#b3122a"), ("white", "#f4f1ec"), ("navy", "#14224f"))
}


@dataclass(frozen=True)
class Judged:
    """A sample hand with what was painted and what is nail: truth has one value per nail, 0 elsewhere."""

    result: TryOnResult
    truth: Array
    alpha: Array

    @property
    def iou(self) -> float:
        painted, nail = self.alpha > 127, self.truth > 0
        return float(np.count_nonzero(painted & nail) / np.count_nonzero(painted | nail))


@pytest.fixture(scope="module")
def judged(studio: Studio) -> dict[str, Judged]:
    looks = [
        Look(name=name, layers=(NailPolish(swatch=swatch, finish=NailFinish.CREAM),))
        for name, swatch in SWATCHES.items()
    ]
    found = {}
    for name in OPEN:
        result = studio.try_on((SAMPLES / INDEX[name]["image"]).read_bytes(), looks)
        alpha = np.zeros(result.photo.size, np.uint8)
        for nail in result.scan.nails or ():
            window = alpha[nail.mask.box.slices]
            np.maximum(window, nail.mask.alpha, out=window)
        truth = np.asarray(Image.open(SAMPLES / INDEX[name]["masks"]))
        found[name] = Judged(result, truth, alpha)
    return found


def test_open_hands_are_covered_well_on_average(judged: dict[str, Judged]) -> None:
    assert len(judged) >= 10
    assert np.mean([one.iou for one in judged.values()]) >= 0.80


@pytest.mark.parametrize("name", OPEN)
def test_each_open_hand_is_covered(name: str, judged: dict[str, Judged]) -> None:
    assert judged[name].iou >= 0.70


@pytest.mark.parametrize("name", OPEN)
def test_each_nail_lies_on_its_own_finger(name: str, judged: dict[str, Judged]) -> None:
    one = judged[name]
    values = {nail["value"]: Finger(nail["finger"]) for nail in INDEX[name]["nails"]}
    assert {nail.finger for nail in one.result.scan.nails or ()} == set(values.values())
    for nail in one.result.scan.nails or ():
        below = one.truth[nail.mask.box.slices][nail.mask.alpha > 127]
        commonest = int(np.bincount(below[below > 0]).argmax())
        assert values[commonest] is nail.finger


@pytest.mark.parametrize("name", OPEN)
def test_nothing_is_painted_more_than_nine_pixels_outside(name: str, judged: dict[str, Judged]) -> None:
    one = judged[name]
    away = cv2.distanceTransform((one.truth == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    assert float(away[one.alpha > 0].max()) <= 9.0


@pytest.mark.parametrize("colour", SWATCHES)
@pytest.mark.parametrize("name", OPEN)
def test_outside_highlights_the_nails_have_the_swatchs_colour(
    name: str, colour: str, judged: dict[str, Judged]
) -> None:
    result = judged[name].result
    assert result.scan.illuminant is not None
    seen = SWATCHES[colour].linear * result.scan.illuminant.linear  # in the photo's light
    wanted = linear_to_lab(np.clip(seen, 0, 1))
    rgb = result.renders[list(SWATCHES).index(colour)].rgb
    for nail in result.scan.nails or ():
        lab = srgb_to_lab(rgb[nail.mask.box.slices][nail.mask.alpha > 250] / 255)
        calm = lab[lab[:, 0] <= np.percentile(lab[:, 0], 85)]
        off = float(delta_e00(np.median(calm, axis=0), wanted))
        assert off <= 4.0, (nail.finger, off)
