"""Pictures of designs without a customer."""

from __future__ import annotations

import numpy as np
import pytest

from looks.art import French
from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finish import LipFinish, NailFinish
from looks.layer import AnyLayer, Hair, Lips, NailArt, NailPolish
from looks.shape import NailShape
from models.render.sample import Shown, file, picture, shown_as
from models.render.sample.tip import bare_tip

RED, BLUE = Swatch.of("#b5201f"), Swatch.of("#1f3ab5")
SIDE = 96


def polish(swatch: Swatch = RED, finish: NailFinish = NailFinish.CREAM, **more: object) -> NailPolish:
    return NailPolish(swatch=swatch, finish=finish, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("layer", "shown"),
    [
        (polish(), Shown.TIP),
        (polish(shape=NailShape.COFFIN, length=2.0), Shown.TIP),
        (polish(finish=NailFinish.CHROME), Shown.TIP),
        (Lips(colours=(RED,)), Shown.MOUTH),
        (Lips(colours=(RED,), finish=LipFinish.HOLOGRAPHIC), Shown.MOUTH),
        (NailArt(art=French(), colours=(RED, BLUE)), Shown.TIP),
        (Hair(colours=(RED,)), Shown.CARD),
    ],
)
def test_a_design_is_shown_on_what_a_renderer_can_paint_and_else_as_its_colours(
    layer: AnyLayer, shown: Shown
) -> None:
    assert shown_as(layer) is shown
    assert picture(layer, SIDE).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize("shape", list(NailShape))
def test_polish_stays_on_a_tip_of_every_shape_and_takes_its_colour(shape: NailShape) -> None:
    bare = bare_tip(shape, 1.3, SIDE)

    red, blue = (
        picture(polish(RED, shape=shape, length=1.3), SIDE),
        picture(polish(BLUE, shape=shape, length=1.3), SIDE),
    )

    beside = bare.alpha.reshape(SIDE, 2, SIDE, 2).max(axis=(1, 3)) == 0
    assert (red[beside] == blue[beside]).all()
    for painted, swatch in ((red, RED), (blue, BLUE)):
        middle = np.median(painted[~beside].reshape(-1, 3), axis=0) / 255
        assert float(delta_e00(srgb_to_lab(middle), np.array(swatch.lab))) < 8


def test_a_card_shows_every_colour_as_it_is() -> None:
    shown = {tuple(pixel) for pixel in picture(Hair(style="ombre", colours=(RED, BLUE)), SIDE).reshape(-1, 3)}

    assert {tuple(np.round(swatch.srgb * 255).astype(int)) for swatch in (RED, BLUE)} <= shown


def test_a_picture_is_the_same_whenever_it_is_made() -> None:
    assert file(polish(), SIDE) == file(polish(), SIDE)
