"""A real result beside its preview: real nets on real pictures, the "result" drawn in a known light."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kit.settings import ROOT
from looks.colour import Swatch, delta_e00, linear_to_srgb, srgb_to_linear
from looks.compared import Matched, Place, Region, Unmeasured
from looks.finger import Finger
from looks.hair import HairTone
from looks.layer import AnyLayer, Hair, Lips, NailPolish
from looks.look import Look
from models.compare import compare
from models.decode import decode
from models.pipeline import Studio
from models.types import Photo, Scan

SAMPLES = ROOT / "assets" / "samples"
HAND = SAMPLES / "hands" / "open_01_left.jpg"
FACE = SAMPLES / "faces" / "astronaut.jpg"
NUDE, BERRY, ROSE = "#e7c9c0", "#7d1f3a", "#d99a9a"
LAMP = np.array([1.25, 1.0, 0.6]) * 0.75


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


def polish(hex: str) -> NailPolish:
    return NailPolish(swatch=Swatch.of(hex))


def lipstick(hex: str) -> Lips:
    return Lips(colours=(Swatch.of(hex),))


def worn(studio: Studio, photo: Photo, *layers: AnyLayer) -> Photo:
    return Photo(studio.try_on(photo, [Look("worn", layers)]).renders[0].rgb)


def under(light: np.ndarray, photo: Photo) -> Photo:
    lit = linear_to_srgb(np.clip(srgb_to_linear(photo.rgb / 255) * light, 0, 1))
    return Photo(np.round(lit * 255).astype(np.uint8))


def compared(
    studio: Studio, preview: Photo, result: Photo, *places: Place, fingers: Sequence[Finger] = tuple(Finger)
) -> tuple[Region, ...] | None:
    return compare(studio, preview, result, Scan(), places, fingers)[1]


def off(regions: tuple[Region, ...] | None) -> list[float]:
    assert regions
    return [region.delta_e for region in regions if region.delta_e is not None]


@pytest.mark.parametrize("hex", [NUDE, BERRY])
def test_skin_tells_a_warm_dim_lamp_from_another_polish(studio: Studio, hex: str) -> None:
    photo = Photo(decode(HAND.read_bytes()).rgb)
    preview = worn(studio, photo, polish(hex))

    same = compared(studio, preview, under(LAMP, preview), Place.NAIL)
    other = compared(studio, preview, under(LAMP, worn(studio, photo, polish(ROSE))), Place.NAIL)

    truth = float(delta_e00(np.array(Swatch.of(hex).lab), np.array(Swatch.of(ROSE).lab)))
    assert len(off(same)) == 5
    assert np.mean(off(same)) < 2
    assert np.mean(off(other)) == pytest.approx(truth, abs=2.5)


def test_only_fingers_that_wear_it_are_compared(studio: Studio) -> None:
    photo = Photo(decode(HAND.read_bytes()).rgb)
    ring = NailPolish(swatch=Swatch.of(BERRY), fingers=(Finger.RING,))
    preview = worn(studio, photo, ring)

    regions = compared(studio, preview, preview, Place.NAIL, fingers=(Finger.RING,))

    assert regions is not None
    assert [(region.finger, region.matched) for region in regions] == [(Finger.RING, Matched.HAND)]


def test_nails_without_a_hand_are_matched_by_colour(studio: Studio) -> None:
    photo = Photo(decode(HAND.read_bytes()).rgb)
    preview = worn(studio, photo, polish(BERRY))
    tips = Photo(np.ascontiguousarray(preview.rgb[: preview.size[0] // 3]))

    regions = compared(studio, preview, tips, Place.NAIL)

    assert regions is not None
    assert Matched.COLOUR in {region.matched for region in regions if region.delta_e is not None}
    assert max(off(regions)) < 2


def test_lips_and_hair_are_compared_by_the_skin_of_the_face(studio: Studio) -> None:
    photo = Photo(decode(FACE.read_bytes()).rgb)
    hair, darker = (Hair.of(level, HairTone.WARM) for level in (7, 4))
    preview = worn(studio, photo, lipstick(BERRY), hair)

    same = compared(studio, preview, under(LAMP, preview), Place.LIPS, Place.HAIR)
    other = compared(studio, preview, worn(studio, photo, lipstick(ROSE), darker), Place.LIPS, Place.HAIR)

    assert same is not None
    assert [region.place for region in same] == [Place.LIPS, Place.HAIR]
    assert max(off(same)) < 4
    assert min(off(other)) > 10


def test_colours_that_mix_with_skin_are_not_compared(studio: Studio) -> None:
    photo = Photo(decode(FACE.read_bytes()).rgb)

    regions = compared(studio, photo, photo, Place.FACE)

    assert regions == (Region(place=Place.FACE, reason=Unmeasured.NOT_COMPARED),)


def test_a_photo_of_something_else_gives_no_regions(studio: Studio) -> None:
    hand, face = (Photo(decode(path.read_bytes()).rgb) for path in (HAND, FACE))

    assert compared(studio, worn(studio, hand, polish(BERRY)), face, Place.NAIL) is None
    assert compared(studio, worn(studio, face, lipstick(BERRY)), hand, Place.LIPS) is None
