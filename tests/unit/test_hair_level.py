"""Level, tone and grey of hair whose level is known, in lights whose colour is."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.truth.hair import LEVELS, HairSitting
from benchmarks.truth.palette import LIGHTS
from looks.hair import HairTone
from models.analyse.hair_level import exposure, read_hair
from models.types import Illuminant, Photo
from tests.unit.test_render_hair import head


@pytest.mark.parametrize("light", sorted(LIGHTS))
@pytest.mark.parametrize("level", sorted(LEVELS))
def test_a_level_is_read_to_one_grade(level: int, light: str) -> None:
    sitting = HairSitting(5, light)
    lamp = Illuminant(LIGHTS[light].gains, 1.0)
    reading = read_hair(Photo(sitting.before(level)), sitting.hair.mask, lamp)
    assert abs(reading.level - level) <= 1.2


@pytest.mark.parametrize("light", ["neutral", "tungsten", "shade"])
def test_hair_coloured_red_reads_red_in_any_known_light(light: str) -> None:
    sitting = HairSitting(5, light)
    lamp = Illuminant(LIGHTS[light].gains, 1.0)
    assert read_hair(Photo(sitting.after("#8a3a2a")), sitting.hair.mask, lamp).tone is HairTone.RED


def test_an_unknown_light_is_less_sure_than_a_known_one() -> None:
    sitting = HairSitting(5, "neutral")
    photo, mask = Photo(sitting.before(6)), sitting.hair.mask
    known, unknown = (read_hair(photo, mask, Illuminant(confidence=one)) for one in (1.0, 0.0))
    assert unknown.confidence < known.confidence


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_grey_strands_are_counted(share: float) -> None:
    rgb, scan = head(grey=share)
    assert scan.hair
    reading = read_hair(Photo(rgb), scan.hair[0].mask, Illuminant())
    assert reading.grey_share == pytest.approx(share, abs=0.2)


def test_a_dark_photo_is_read_brighter_but_not_without_limit() -> None:
    white = np.full((40, 40, 3), 240, np.uint8)
    dim, black = (np.full((40, 40, 3), value, np.uint8) for value in (120, 2))
    assert exposure(white) == 1.0
    assert 1.0 < exposure(dim) <= exposure(black) < 2.0
