"""From shade to shade: what stays of a look is not drawn again, and no pixel tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from looks.colour import Swatch
from looks.layer import AnyLayer, Base, Brows, Cheeks, Lips, NailPolish
from looks.look import Look
from models.compose import Composed, Underlay, compose
from models.pipeline import Studio, TryOnResult

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"
BASE = Base(colours=(Swatch.of("#d3a580"),))
BROWS = Brows(colours=(Swatch.of("#624b3b"),))


def blush(colour: str) -> Cheeks:
    return Cheeks(colours=(Swatch.of(colour),))


def lipstick(colour: str) -> Lips:
    return Lips(colours=(Swatch.of(colour),))


def look(*layers: AnyLayer) -> Look:
    return Look(name="Face", layers=layers)


RED = look(BASE, blush("#c4677a"), BROWS, lipstick("#be2f2f"))
PLUM = look(BASE, blush("#c4677a"), BROWS, lipstick("#612437"))
CORAL = look(BASE, blush("#e07a5f"), BROWS, lipstick("#612437"))
PEACH = look(BASE, blush("#f0a080"), BROWS, lipstick("#612437"))


@pytest.fixture(scope="module")
def known() -> TryOnResult:
    return Studio.load().try_on(PORTRAIT.read_bytes(), [RED])


def drawn(known: TryOnResult, look: Look, under: Underlay | None = None) -> Composed:
    return compose(known.photo, known.scan, look, under)


def layers_under(composed: Composed) -> int:
    assert composed.underlay is not None
    return len(composed.underlay.results)


def test_another_shade_is_what_it_would_be_from_the_photo(known: TryOnResult) -> None:
    under = known.under
    for other in (PLUM, CORAL, PEACH, RED):
        anew, onto = drawn(known, other), drawn(known, other, under)

        assert np.array_equal(onto.canvas, anew.canvas)
        assert onto.results == anew.results
        under = onto.underlay


def test_what_stays_is_not_drawn_again(known: TryOnResult) -> None:
    assert known.under is not None
    marked = replace(known.under, canvas=np.zeros_like(known.photo.rgb))

    assert not drawn(known, PLUM, marked).canvas.any(axis=2)[:20].any()
    assert drawn(known, CORAL, marked).canvas.any(axis=2)[:20].any()


def test_the_layer_that_changes_is_the_one_that_lies_on_top(known: TryOnResult) -> None:
    first = drawn(known, RED)
    second = drawn(known, CORAL, first.underlay)
    third = drawn(known, PEACH, second.underlay)
    fourth = drawn(known, RED, third.underlay)

    assert [layers_under(one) for one in (first, second, third, fourth)] == [3, 1, 1, 1]


def test_a_look_on_other_faces_begins_anew(known: TryOnResult) -> None:
    chosen = Look(name="One", layers=PLUM.layers, faces="largest")

    assert known.under is not None
    assert not known.under.fits(chosen)
    assert known.under.shared(chosen) == 0


def test_nothing_lies_under_a_single_layer_or_under_polish(known: TryOnResult) -> None:
    polish = NailPolish(swatch=Swatch.of("#b3122a"))

    assert drawn(known, look(lipstick("#be2f2f"))).underlay is None
    assert drawn(known, look(BASE, polish), known.under).underlay is None
