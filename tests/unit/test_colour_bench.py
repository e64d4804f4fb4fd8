"""The colour bench: its truth is a photograph of what it says, and its figures tell good renders from bad."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.colour import measure
from benchmarks.recolour import RECOLOURS
from benchmarks.truth.palette import LIGHTS, MONK, NEUTRAL
from benchmarks.truth.photo import OPAQUE, Sitting
from benchmarks.truth.reflectance import film_over
from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finish import NailFinish
from looks.layer import NailPolish

TEAL = Swatch.of("#0f7f7c")


@pytest.mark.parametrize("finish", sorted(OPAQUE))
def test_an_opaque_nail_has_its_swatchs_colour_outside_highlights(finish: NailFinish) -> None:
    sitting = Sitting(4, NEUTRAL)
    lab = srgb_to_lab(sitting.painted(NailPolish(swatch=TEAL, finish=finish))[sitting.calm] / 255)
    assert float(delta_e00(np.median(lab, axis=0), np.array(TEAL.lab))) < 3.0


@pytest.mark.parametrize("light", sorted(set(LIGHTS) - {NEUTRAL}))
def test_the_light_colours_everything(light: str) -> None:
    lit, plain = Sitting(4, light), Sitting(4, NEUTRAL)
    ratio = lit.bare[-1, 0].astype(float) / plain.bare[-1, 0]
    gains = LIGHTS[light].gains
    assert np.argmax(ratio) == np.argmax(gains)
    assert np.argmin(ratio) == np.argmin(gains)


@pytest.mark.parametrize("finish", sorted(NailFinish))
def test_painting_changes_the_nail_alone(finish: NailFinish) -> None:
    sitting = Sitting(7, "tungsten")
    painted = sitting.painted(NailPolish(swatch=TEAL, finish=finish))
    away = sitting.shape.cover == 0
    assert np.array_equal(painted[away], sitting.bare[away])
    assert (painted[sitting.shape.inside] != sitting.bare[sitting.shape.inside]).mean() > 0.9


def test_a_film_hides_the_more_the_thicker_it_is() -> None:
    white, red = np.full((1, 1, 3), 0.8), np.array([0.4, 0.02, 0.03])
    thin, thick, solid = (film_over(white, red, hiding)[0, 0] for hiding in (0.2, 0.6, 0.995))
    assert np.all(thin > thick)
    assert np.all(thick > solid)
    assert np.allclose(solid, red, atol=0.02)


def test_the_same_sitting_gives_the_same_bytes() -> None:
    assert np.array_equal(Sitting(9, "shade").bare, Sitting(9, "shade").bare)


def test_ours_is_measured_beside_the_usual_ways() -> None:
    figures = measure(tones=(2, len(MONK)), colours=("red", "greige"), lights=(NEUTRAL,))
    flat = figures["flat_scenes"]
    assert set(flat) == {"ours", *(one.__name__ for one in RECOLOURS)}
    best = min(flat[one.__name__]["delta_e_truth_mean"] for one in RECOLOURS)
    assert flat["ours"]["delta_e_truth_mean"] < best
    assert figures["delta_e_swatch_median"] <= 3.0  # of two tones; the gate is on all ten
    assert figures["n"] == 2 * 2 * 5
    assert set(figures["effects"]) == set(NailFinish) - set(figures["by_finish"])
