"""The truth of hair colour is a photograph of what it says, and its figures tell good renders from bad."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.hair_colour import measure
from benchmarks.judge import judge
from benchmarks.truth.hair import LEVELS, TARGETS, HairSitting
from benchmarks.truth.palette import NEUTRAL
from looks.colour import Swatch, delta_e00, srgb_to_lab

SITTING = HairSitting(4, NEUTRAL)


@pytest.mark.parametrize("target", ["chestnut", "copper", "honey", "platinum", "denim"])
def test_a_coloured_lock_has_its_swatchs_colour_outside_highlights(target: str) -> None:
    swatch = Swatch.of(TARGETS[target])
    lab = srgb_to_lab(SITTING.after(swatch.hex)[SITTING.calm] / 255)
    assert float(delta_e00(np.median(lab, axis=0), np.array(swatch.lab))) < 3.0


def test_a_higher_level_is_lighter_and_colouring_changes_the_lock_alone() -> None:
    photos = {level: SITTING.before(level) for level in LEVELS}
    middles = [float(np.median(photo[SITTING.inside])) for photo in photos.values()]
    away = np.ones(SITTING.inside.shape, bool)
    away[SITTING.hair.mask.box.slices] = SITTING.hair.mask.alpha == 0

    assert middles == sorted(middles)
    assert np.array_equal(photos[4][away], SITTING.after(TARGETS["copper"])[away])


def test_the_same_sitting_gives_the_same_bytes() -> None:
    assert np.array_equal(HairSitting(7, "shade").before(5), HairSitting(7, "shade").before(5))


def test_a_flat_overlay_is_told_from_hair() -> None:
    swatch = Swatch.of(TARGETS["honey"])
    flat = SITTING.before(4)
    flat[SITTING.inside] = np.round(swatch.srgb * 255)
    truth, shade = SITTING.after(swatch.hex), SITTING.shading(swatch.hex)
    found = judge(flat, truth, SITTING.inside, SITTING.plain(swatch.hex), shade, swatch)
    assert found.shading < 0.5
    assert found.highlight < 0.5


def test_the_bench_gives_every_gated_figure() -> None:
    figures = measure(tones=(2, 9), lights=(NEUTRAL,), starts=(4, 8), targets=("chestnut", "honey"))
    assert figures["n"] == 8
    assert figures["delta_e_truth_mean"] <= 5
    assert figures["delta_e_swatch_median"] <= 3  # of two tones; the gate is on all ten
    assert figures["shading_corr"] >= 0.9
    assert 0.7 <= figures["highlight_ratio"] <= 1.3
    assert figures["level"]["error_mean"] <= 1.0
