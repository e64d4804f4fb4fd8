"""Lipstick on a mouth drawn by hand: two lips, a dark opening with teeth, skin around."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finish import LipFinish
from looks.layer import Lips as LipsLayer
from models.render import LIP_FINISHES
from models.render.lips import STYLES, LipsRenderer
from models.segment.lips import INNER, OUTER, LipMesh
from models.types import Array, Box, Face, Illuminant, Photo, Scan

CENTRE, HALF_WIDTH, HALF_HEIGHT = np.array([150.0, 100.0]), 70.0, 32.0
TEETH = np.array([235, 232, 225], np.uint8)


def ring(half_width: float, half_height: float) -> Array:
    """(20, 2) points on an ellipse in the order of OUTER and INNER: right corner, upper lip, left corner, lower lip."""
    t = np.pi + np.arange(20) / 20 * 2 * np.pi
    points: Array = CENTRE + np.stack([half_width * np.cos(t), half_height * np.sin(t)], axis=-1)
    return points


def face(opening: float) -> Face:
    """A face whose mouth is open by this half height."""
    points = np.zeros((478, 3), np.float32)
    points[list(OUTER), :2] = ring(HALF_WIDTH, HALF_HEIGHT)
    points[list(INNER), :2] = ring(HALF_WIDTH * 0.8, opening)
    return Face(points, Box(20, 10, 280, 190), 0.9)


def photo(opening: float, lip: tuple[int, int, int] = (176, 98, 96)) -> Photo:
    """Lips with fine vertical lines; teeth in the opening."""
    y, x = np.mgrid[0:200, 0:300]
    v, u = (y - CENTRE[1]), (x - CENTRE[0])
    rgb = np.full((200, 300, 3), (214, 170, 148), np.uint8)
    on_lips = (u / HALF_WIDTH) ** 2 + (v / HALF_HEIGHT) ** 2 < 1
    lines = 1 + 0.08 * np.sin(x * 0.9) - 0.10 * (v < 0)
    rgb[on_lips] = np.clip(np.array(lip) * lines[on_lips][:, None], 0, 255).astype(np.uint8)
    if opening:
        rgb[(u / (HALF_WIDTH * 0.8)) ** 2 + (v / opening) ** 2 < 1] = TEETH
    return Photo(rgb)


def scan(picture: Photo, opening: float) -> Scan:
    faces = (face(opening),)
    return Scan(faces=faces, lips=LipMesh().segment(picture, faces))


def painted(picture: Photo, seen: Scan, layer: LipsLayer) -> Array:
    canvas = picture.rgb.copy()
    LipsRenderer().draw(canvas, seen, layer)
    return canvas


def lipstick(hex: str, finish: LipFinish = LipFinish.MATTE) -> LipsLayer:
    return LipsLayer(colours=(Swatch.of(hex),), finish=finish)


def test_teeth_are_never_painted() -> None:
    picture = photo(opening=14)
    rgb = painted(picture, scan(picture, 14), lipstick("#b3122a"))
    teeth = (picture.rgb == TEETH).all(axis=-1)
    y, x = np.mgrid[0:200, 0:300]
    inner = ((x - CENTRE[0]) / (HALF_WIDTH * 0.8 - 3)) ** 2 + ((y - CENTRE[1]) / 11) ** 2 < 1
    assert np.array_equal(rgb[teeth & inner], picture.rgb[teeth & inner])
    assert rgb[100 - 23, 150, 0] > rgb[100 - 23, 150, 1] + 60


def test_a_closed_mouth_is_painted_without_a_gap() -> None:
    picture = photo(opening=0)
    (lips,) = scan(picture, 0.5).lips or ()
    assert lips.mask.alpha[int(CENTRE[1]) - lips.mask.box.y0, int(CENTRE[0]) - lips.mask.box.x0] == 255


@pytest.mark.parametrize("finish", sorted(LIP_FINISHES))
def test_pixels_outside_the_lips_keep_their_bytes(finish: LipFinish) -> None:
    picture = photo(opening=10)
    seen = scan(picture, 10)
    rgb = painted(picture, seen, lipstick("#5a1030", finish))
    (lips,) = seen.lips or ()
    touched = np.zeros(rgb.shape[:2], bool)
    touched[lips.mask.box.slices] = lips.mask.alpha > 0
    assert np.array_equal(rgb[~touched], picture.rgb[~touched])
    assert (rgb[touched] != picture.rgb[touched]).any()


@pytest.mark.parametrize("lip", [(196, 128, 122), (120, 66, 62), (74, 44, 42)])
@pytest.mark.parametrize("hex", ["#b3122a", "#5a1030", "#d98a80", "#2a1418"])
def test_matte_lipstick_is_near_its_swatch_on_light_and_dark_lips(
    hex: str, lip: tuple[int, int, int]
) -> None:
    picture = photo(opening=0, lip=lip)
    seen = scan(picture, 0)
    (lips,) = seen.lips or ()
    core = lips.mask.alpha > 250
    lab = srgb_to_lab(painted(picture, seen, lipstick(hex))[lips.mask.box.slices][core] / 255)
    assert float(delta_e00(np.median(lab, axis=0), np.array(Swatch.of(hex).lab))) < 5.0


def test_the_lines_of_the_lips_stay_visible() -> None:
    picture = photo(opening=0)
    rgb = painted(picture, scan(picture, 0), lipstick("#b3122a"))
    bare, drawn = picture.rgb[115, 120:180, 0].astype(float), rgb[115, 120:180, 0].astype(float)
    assert np.corrcoef(bare, drawn)[0, 1] > 0.8


def test_a_sheer_lipstick_lies_between_bare_and_matte() -> None:
    picture = photo(opening=0)
    seen = scan(picture, 0)
    bare = picture.rgb[115, 120:180].mean()
    sheer, matte = (
        painted(picture, seen, lipstick("#2a1418", finish))[115, 120:180].mean()
        for finish in (LipFinish.SHEER, LipFinish.MATTE)
    )
    assert matte < sheer < bare


def test_a_mouth_of_a_few_pixels_is_left_alone() -> None:
    small = face(0)
    small.landmarks[:, :2] *= 0.05
    assert LipMesh().segment(photo(0), (small,)) == ()


def test_every_finish_and_style_is_drawn_with_as_many_colours_as_it_takes() -> None:
    supports = LipsRenderer().supports
    red, rose = Swatch.of("#b3122a"), Swatch.of("#d98a80")
    assert all(supports(lipstick("#b3122a", finish)) for finish in LIP_FINISHES)
    assert all(supports(LipsLayer(colours=(red, rose), style=style)) for style in STYLES if style != "full")
    assert not supports(LipsLayer(colours=(red,), style="ombre"))
    assert not supports(LipsLayer(colours=(red, rose)))
    assert not supports(LipsLayer(colours=(red,), style="stripes"))


def at(rgb: Array, across: float, down: float) -> Array:
    """Mean Lab about a place of the mouth, in half widths and half heights from its middle."""
    x, y = int(CENTRE[0] + across * HALF_WIDTH), int(CENTRE[1] + down * HALF_HEIGHT)
    lab: Array = srgb_to_lab(rgb[y - 1 : y + 2, x - 6 : x + 7].reshape(-1, 3) / 255).mean(axis=0)
    return lab


def nearer(lab: Array, one: str, other: str) -> bool:
    """Whether a colour lies nearer to the first swatch."""
    away = [float(np.linalg.norm(lab - np.array(Swatch.of(hex).lab))) for hex in (one, other)]
    return away[0] < away[1]


def test_two_tone_colours_each_lip_by_itself() -> None:
    picture, (dark, pale) = photo(opening=4), ("#5a1030", "#e8a090")
    layer = LipsLayer(colours=(Swatch.of(dark), Swatch.of(pale)), finish=LipFinish.MATTE, style="two_tone")
    rgb = painted(picture, scan(picture, 4), layer)
    assert nearer(at(rgb, 0, -0.55), dark, pale)
    assert nearer(at(rgb, 0, 0.55), pale, dark)


@pytest.mark.parametrize("style", ["ombre", "liner"])
def test_ombre_and_liner_are_darker_along_the_outline(style: str) -> None:
    picture, (dark, pale) = photo(opening=0), ("#5a1030", "#e8a090")
    layer = LipsLayer(colours=(Swatch.of(dark), Swatch.of(pale)), finish=LipFinish.MATTE, style=style)
    rgb = painted(picture, scan(picture, 0), layer)
    assert nearer(at(rgb, 0, 0.92), dark, pale)
    assert nearer(at(rgb, 0, 0.3), pale, dark)


def test_a_wider_line_takes_more_of_the_lips() -> None:
    picture = photo(opening=0)
    seen, colours = scan(picture, 0), (Swatch.of("#2a1418"), Swatch.of("#e8a090"))
    thin, wide = (
        painted(picture, seen, LipsLayer(colours=colours, finish=LipFinish.MATTE, style="liner", liner_mm=mm))
        for mm in (1.0, 3.0)
    )
    assert int(wide.astype(int).sum()) < int(thin.astype(int).sum())


def test_lipstick_is_seen_in_the_light_of_the_photo() -> None:
    picture = photo(opening=0)
    seen = scan(picture, 0)
    warm = replace(seen, illuminant=Illuminant((1.25, 0.97, 0.6), 1.0))
    white, lamp = (
        painted(picture, one, lipstick("#f2e6e0"))[115, 120:180].mean(axis=0) for one in (seen, warm)
    )
    assert lamp[0] / lamp[2] > 1.15 * white[0] / white[2]
