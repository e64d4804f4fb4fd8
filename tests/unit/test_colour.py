"""Colour arithmetic against published values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from looks.colour import (
    Swatch,
    delta_e00,
    hex_to_srgb,
    lab_to_linear,
    linear_to_lab,
    linear_to_srgb,
    srgb_to_lab,
    srgb_to_linear,
)

# Sharma, Wu and Dalal (2005), "The CIEDE2000 color-difference formula", table 1: pairs that break wrong code.
SHARMA = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "expected"), SHARMA)
def test_ciede2000_equals_the_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    assert float(delta_e00(np.array(first), np.array(second))) == pytest.approx(expected, abs=1e-4)
    assert float(delta_e00(np.array(second), np.array(first))) == pytest.approx(expected, abs=1e-4)


def test_white_and_red_have_their_known_lab() -> None:
    assert srgb_to_lab(np.ones(3)) == pytest.approx([100.0, 0.0, 0.0], abs=0.01)
    assert srgb_to_lab(np.array([1.0, 0.0, 0.0])) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_colours_survive_the_way_to_lab_and_back(srgb: list[float]) -> None:
    linear = srgb_to_linear(np.array(srgb))
    assert linear_to_srgb(lab_to_linear(linear_to_lab(linear))) == pytest.approx(srgb, abs=1e-6)


def test_a_swatch_whose_lab_is_of_another_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="differ by more than 1"):
        Swatch("#b3122a", (38.0, 10.0, 10.0))


@pytest.mark.parametrize("text", ["b3122a", "#B3122A", "#b3122", "#b3122ag", "red", ""])
def test_a_colour_in_another_notation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        hex_to_srgb(text)
