"""Polish that a nail wears already comes off; a bare nail keeps its bytes."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.truth.photo import Sitting
from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import Lips, NailPolish
from models.render.nails.remove import remove_polish
from models.types import Array, Scan

SHEER = NailPolish(swatch=Swatch.of("#e8a7a0"), finish=NailFinish.SHEER)


def lab(picture: Array, sitting: Sitting) -> Array:
    middle: Array = np.median(srgb_to_lab(picture[sitting.calm] / 255), axis=0)
    return middle


@pytest.mark.parametrize("hex", ["#b00020", "#0d0d0f", "#14224f", "#0f7f7c"])
@pytest.mark.parametrize("tone", [2, 5, 8])
def test_worn_polish_gives_way_to_a_bare_nail(tone: int, hex: str) -> None:
    sitting = Sitting(tone, "neutral")
    photo = sitting.painted(NailPolish(swatch=Swatch.of(hex), finish=NailFinish.CREAM))
    before = float(delta_e00(lab(photo, sitting), lab(sitting.bare, sitting)))

    assert remove_polish(photo, Scan(nails=(sitting.shape.nail,)), [SHEER]) == 1

    after = float(delta_e00(lab(photo, sitting), lab(sitting.bare, sitting)))
    assert after < min(12.0, before / 2)


@pytest.mark.parametrize("light", ["neutral", "tungsten", "shade"])
@pytest.mark.parametrize("tone", range(1, 11))
def test_a_bare_nail_is_left_alone(tone: int, light: str) -> None:
    sitting = Sitting(tone, light)
    photo = sitting.bare.copy()
    assert remove_polish(photo, Scan(nails=(sitting.shape.nail,)), [SHEER]) == 0
    assert np.array_equal(photo, sitting.bare)


def test_only_nails_that_are_painted_are_cleaned() -> None:
    sitting = Sitting(4, "neutral")
    worn = sitting.painted(NailPolish(swatch=Swatch.of("#b00020"), finish=NailFinish.CREAM))
    photo, scan = worn.copy(), Scan(nails=(sitting.shape.nail,))
    thumbs = NailPolish(swatch=SHEER.swatch, finish=NailFinish.SHEER, fingers=(Finger.THUMB,))

    assert remove_polish(photo, scan, [thumbs, Lips(colours=(SHEER.swatch,))]) == 0
    assert np.array_equal(photo, worn)
