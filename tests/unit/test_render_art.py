"""Nail art through the renderer: where colours lie, how they fade, which finger wears what."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from looks.art import Accent, AnyArt, Arrangement, Cut, Decal, French, Gems, Motif, Ombre, Picture, Side
from looks.colour import Swatch, delta_e00, hex_to_srgb, srgb_to_lab
from looks.finger import Finger, HandName, HandSide
from looks.finish import NailFinish
from looks.layer import NailArt, NailPolish
from models.render import renderer_for
from models.types import Array, Box, Hand, Mask, Nail, Scan

NUDE, WHITE, RED, NAVY = map(Swatch.of, ("#d8a78c", "#f4f1ec", "#b00020", "#14224f"))
WIDTH, LENGTH = 100, 130  # of the nail, in pixels
CUTICLE, EDGE, LEFT = 40, 40 + LENGTH, 50


def nail(finger: Finger | None = Finger.RING, hand: int | None = None, turn: int = 0) -> Nail:
    """A square nail whose free edge is up; turn: quarter turns of the photo, clockwise."""
    alpha = np.full((LENGTH, WIDTH), 255, np.uint8)
    box = Box(LEFT, 240 - EDGE, LEFT + WIDTH, 240 - CUTICLE)
    axis = np.array([[100, 240 - CUTICLE], [100, 240 - EDGE]], np.float32)
    for _ in range(turn):
        alpha = np.ascontiguousarray(np.rot90(alpha, -1))
        box = Box(240 - box.y1, box.x0, 240 - box.y0, box.x1)
        axis = np.stack([240 - axis[:, 1], axis[:, 0]], axis=1)
    return Nail(Mask(alpha, box), axis, float(WIDTH), 0.9, hand, finger)


def bare(shape: tuple[int, int] = (240, 200)) -> Array:
    return np.full((*shape, 3), np.round(hex_to_srgb("#c8a08c") * 255), np.uint8)


def layer(art: AnyArt, *colours: Swatch, **more: object) -> NailArt:
    return NailArt(art=art, colours=colours, finish=NailFinish.MATTE, **more)  # type: ignore[arg-type]


def painted(design: NailArt | NailPolish, scan: Scan | None = None, photo: Array | None = None) -> Array:
    canvas = (bare() if photo is None else photo).copy()
    renderer = renderer_for(design)
    assert renderer is not None
    renderer.draw(canvas, scan or Scan(nails=(nail(),)), design)
    return canvas


def at(rgb: Array, across: float, along: float) -> Array:
    """Lab of a place on the nail: across -1 to 1, along 0 to 1."""
    x, y = LEFT + WIDTH / 2 * (1 + across), 240 - CUTICLE - along * LENGTH
    lab: Array = srgb_to_lab(rgb[int(y - 1) : int(y + 2), int(x - 1) : int(x + 2)].mean(axis=(0, 1)) / 255)
    return lab


def is_like(lab: Array, swatch: Swatch) -> bool:
    return float(delta_e00(lab, np.array(swatch.lab))) < 7.0


def line_at(rgb: Array, across: float) -> float:
    """Where along the nail the colour changes from base to tip, by lightness half way between the two."""
    column = int(LEFT + WIDTH / 2 * (1 + across))
    light = srgb_to_lab(rgb[240 - EDGE : 240 - CUTICLE, column] / 255)[::-1, 0]
    half = (light[: LENGTH // 4].mean() + light[-6:].mean()) / 2
    first = int(np.argmax(light > half))
    share = (half - light[first - 1]) / (light[first] - light[first - 1])
    return float((first - 1 + share + 0.5) / LENGTH)


@pytest.mark.parametrize("width", [0.1, 0.25, 0.4])
def test_a_french_line_lies_where_it_should_with_each_colour_on_its_side(width: float) -> None:
    rgb = painted(layer(French(width=width, curve=0.0), NUDE, WHITE))

    assert line_at(rgb, 0.0) == pytest.approx(1 - width, abs=1 / LENGTH)
    assert is_like(at(rgb, 0.0, 1 - width / 2), WHITE)
    assert is_like(at(rgb, 0.0, (1 - width) / 2), NUDE)


def test_a_smile_falls_at_its_sides_and_is_the_same_on_both() -> None:
    rgb = painted(layer(French(width=0.2, curve=1.0), NUDE, WHITE))

    left, middle, right = (line_at(rgb, across) for across in (-0.8, 0.0, 0.8))
    assert left == pytest.approx(right, abs=1.5 / LENGTH)
    assert middle - left > 0.08


def test_a_french_line_is_one_pixel_soft() -> None:
    rgb = painted(layer(French(width=0.25, curve=0.5), NUDE, WHITE))

    column = srgb_to_lab(rgb[240 - EDGE : 240 - CUTICLE, LEFT + WIDTH // 2] / 255)[:, 0]
    share = (column - column.min()) / np.ptp(column)
    assert 1 <= np.count_nonzero((share > 0.1) & (share < 0.9)) <= 3


def test_a_half_moon_lies_at_the_cuticle_and_a_fine_line_on_the_smile() -> None:
    moon = painted(layer(French(side=Side.CUTICLE, width=0.25, curve=-1.0), RED, WHITE))
    lined = painted(layer(French(width=0.25, curve=0.0, line=0.08, line_colour=2), NUDE, WHITE, NAVY))

    assert is_like(at(moon, 0.0, 0.1), WHITE)
    assert is_like(at(moon, 0.0, 0.6), RED)
    assert is_like(at(lined, 0.0, 0.75), NAVY)
    assert is_like(at(lined, 0.0, 0.9), WHITE)


@pytest.mark.parametrize(
    ("direction", "first", "last"), [(0.0, "cuticle", "edge"), (180.0, "edge", "cuticle")]
)
def test_an_ombre_goes_one_way_only(direction: float, first: str, last: str) -> None:
    rgb = painted(layer(Ombre(direction_deg=direction, stops=(0.1, 0.9)), NAVY, WHITE))

    light = srgb_to_lab(rgb[240 - EDGE : 240 - CUTICLE, 95:105].mean(axis=1) / 255)[::-1, 0]
    ends = {"cuticle": light[:8].mean(), "edge": light[-8:].mean()}
    steps = np.diff(light) if last == "edge" else -np.diff(light)
    assert ends[first] < 25 < 85 < ends[last]
    assert steps.min() > -0.6


def test_an_ombre_to_the_right_runs_across_and_its_middle_colour_lies_at_its_stop() -> None:
    rgb = painted(layer(Ombre(direction_deg=90.0, stops=(0.0, 0.5, 1.0)), WHITE, RED, NAVY))

    assert is_like(at(rgb, 0.0, 0.3), RED)
    assert at(rgb, -0.8, 0.5)[0] > at(rgb, 0.0, 0.5)[0] > at(rgb, 0.8, 0.5)[0]


def test_a_slow_ombre_shows_no_bands() -> None:
    """Over a hundred pixels, two near colours: rows of the same 8-bit value do not stand in blocks."""
    near = Swatch.of("#a00020"), Swatch.of("#a80028")
    rgb = painted(layer(Ombre(), *near))

    rows = rgb[240 - EDGE + 20 : 240 - CUTICLE - 20, 70:130, 0].astype(float)
    mixed = np.count_nonzero(rows.max(axis=1) > rows.min(axis=1))
    assert mixed > 0.5 * len(rows)


@pytest.mark.parametrize("hand", list(HandName))
@pytest.mark.parametrize("turn", range(4))
def test_a_decal_is_never_mirrored(hand: HandName, turn: int) -> None:
    """The moon's open side is on its right when the finger points up, on either hand and however that lies."""
    scan = Scan(
        hands=(Hand(np.zeros((21, 3), np.float32), hand, HandSide.DORSAL, 0.9),),
        nails=(nail(hand=0, turn=turn),),
    )
    photo = bare((240, 240))
    rgb = painted(layer(Decal(motif=Motif.MOON, scale=0.8), WHITE, NAVY, NAVY), scan, photo)

    upright = np.rot90(rgb, turn)  # back to the finger pointing up
    dark = srgb_to_lab(upright[70:200, 50:150] / 255)[..., 0] < 50
    assert dark[:, :50].sum() > 2 * dark[:, 50:].sum() > 0


def test_a_turned_decal_turns_clockwise() -> None:
    rgb = painted(layer(Decal(motif=Motif.MOON, scale=0.8, angle_deg=90.0), WHITE, NAVY, WHITE))

    dark = srgb_to_lab(rgb[70:200, 50:150] / 255)[..., 0] < 50
    assert dark[:65].sum() > 2 * dark[65:].sum()


@pytest.mark.parametrize("motif", list(Motif))
def test_every_motif_prints_its_ink_on_its_base(motif: Motif) -> None:
    rgb = painted(layer(Decal(motif=motif, scale=0.9, tile=True), WHITE, NAVY, RED))

    lab = srgb_to_lab(rgb[70:200, 50:150] / 255)
    assert (lab[..., 0] > 80).any()
    assert (lab[..., 0] < 62).any()


def test_a_small_print_is_an_average_not_a_flicker() -> None:
    """A pattern finer than pixels comes out as its mean."""
    rgb = painted(layer(Decal(motif=Motif.STRIPES, scale=0.02, tile=True), WHITE, NAVY, NAVY))

    light = srgb_to_lab(rgb[100:170, 80:120] / 255)[..., 0]
    assert light.std() < 14


def png(*colours: tuple[int, int, int, int]) -> bytes:
    """Stripes of these RGBA colours from left to right, 40 x 40 pixels."""
    stripes = np.repeat(np.array(colours, np.uint8)[None], 40, axis=0).repeat(40 // len(colours), axis=1)
    return cv2.imencode(".png", cv2.cvtColor(stripes, cv2.COLOR_RGBA2BGRA))[1].tobytes()


DISC = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"
fill="#14224f"/></svg>"""


def test_a_png_lies_where_it_should_and_lets_the_base_through() -> None:
    image = png((176, 0, 32, 255), (0, 0, 0, 0))

    rgb = painted(layer(Picture(image=image, scale=1.0), NUDE))

    assert is_like(at(rgb, -0.5, 0.5), RED)
    assert is_like(at(rgb, 0.5, 0.5), NUDE)
    assert is_like(at(rgb, 0.0, 0.02), NUDE)


def test_an_svg_is_drawn_and_turns_and_repeats() -> None:
    once = painted(layer(Picture(image=DISC, scale=0.4, y=0.7), NUDE))
    tiled = painted(layer(Picture(image=DISC, scale=0.2, tile=True), NUDE))

    assert is_like(at(once, 0.0, 0.7), NAVY)
    assert is_like(at(once, 0.0, 0.3), NUDE)
    assert 0.3 < np.mean(srgb_to_lab(tiled[80:190, 60:140] / 255)[..., 0] < 45) < 0.7


def test_both_hands_wear_the_same_picture() -> None:
    design = layer(Picture(image=png((176, 0, 32, 255), (20, 34, 79, 255)), scale=1.0), NUDE)
    upright, turned = painted(design), painted(design, Scan(nails=(nail(turn=1),)), bare((200, 240)))

    assert np.abs(np.rot90(turned, 1).astype(int) - upright)[60:180, 60:140].mean() < 6


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"no picture", "PNG or an SVG"),
        (png((1, 2, 3, 4))[:-20], "damaged"),
        (png((1, 2, 3, 4)).replace(b"IDAT", b"IDAt"), "damaged"),
        (cv2.imencode(".png", np.zeros((1, 1025, 3), np.uint8))[1].tobytes(), "1024 pixels"),
        (b"<!DOCTYPE svg><svg viewBox='0 0 1 1'/>", "document type"),
        (b"<svg viewBox='0 0 1 1'><script/></svg>", "script"),
        (b"<svg viewBox='0 0 1 1'><use href='#a'/></svg>", "use"),
        (b"<svg viewBox='0 0 1 1'><rect fill='url(http://a/b)'/></svg>", "outside"),
        (b"<svg/>", "viewBox"),
        (b"<svg viewBox='0 0 1 1'>" + b"<g/>" * 2000 + b"</svg>", "2000 elements"),
        (b"<svg viewBox='0 0 1 1'>" + b" " * 70_000 + b"</svg>", "64 KB"),
    ],
)
def test_a_picture_that_is_none_or_does_more_is_refused(image: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Picture(image=image)


def test_an_accent_nail_is_only_on_its_finger() -> None:
    ring, index, unnamed = nail(), nail(Finger.INDEX), nail(None)
    design = layer(Accent(fingers=(Finger.RING,), colour=1, finish=NailFinish.CREAM), NUDE, RED)

    accented, plain, nobody = (painted(design, Scan(nails=(one,))) for one in (ring, index, unnamed))

    assert is_like(at(accented, 0.0, 0.4), RED)
    assert is_like(at(plain, 0.0, 0.4), NUDE)
    assert np.array_equal(nobody, plain)


def test_an_accent_wears_art_of_its_own() -> None:
    design = layer(Accent(colour=2, art=French(curve=0.0, width=0.3)), NUDE, WHITE, NAVY)

    rgb = painted(design)

    assert is_like(at(rgb, 0.0, 0.4), NAVY)
    assert is_like(at(rgb, 0.0, 0.85), WHITE)


def test_art_without_art_is_the_plain_polish_to_the_byte() -> None:
    accent = layer(Accent(fingers=(Finger.THUMB,)), NUDE, RED)
    polish = NailPolish(swatch=NUDE, finish=NailFinish.MATTE)

    assert np.array_equal(painted(accent), painted(polish))


ALL: tuple[AnyArt, ...] = (
    French(),
    Ombre(),
    Decal(motif=Motif.DAISY, scale=0.3, count=4),
    Decal(motif=Motif.LEOPARD, scale=1.0, tile=True),
    Picture(image=DISC, count=3, scale=0.3),
    Accent(art=Ombre(stops=(0.1, 0.5, 0.9))),
    Gems(arrangement=Arrangement.CUTICLE_ARC, count=7, size_mm=1.2),
    Gems(arrangement=Arrangement.SCATTER, cut=Cut.CABOCHON, count=6, size_mm=1.5),
    Gems(arrangement=Arrangement.LINE, cut=Cut.MARQUISE, count=4, size_mm=2.0, colour=2),
)


@pytest.mark.parametrize("art", ALL, ids=lambda art: type(art).__name__)
def test_pixels_outside_the_mask_keep_their_bytes_and_repeats_are_equal(art: AnyArt) -> None:
    one = nail()
    one.mask.alpha[:30, :30] = 0
    design = layer(art, NUDE, WHITE, RED)

    rgb, again = painted(design, Scan(nails=(one,))), painted(design, Scan(nails=(one,)))

    touched = np.zeros(rgb.shape[:2], bool)
    touched[one.mask.box.slices] = one.mask.alpha > 0
    assert np.array_equal(rgb[~touched], bare()[~touched])
    assert (rgb[touched] != bare()[touched]).any()
    assert np.array_equal(rgb, again)


def test_fingers_that_are_not_named_stay_bare() -> None:
    scan = Scan(nails=(nail(Finger.THUMB), replace(nail(), finger=Finger.INDEX)))

    assert np.array_equal(painted(layer(French(), NUDE, WHITE, fingers=(Finger.RING,)), scan), bare())


def test_scattered_prints_differ_from_finger_to_finger_and_stay_on_each() -> None:
    design = layer(Decal(motif=Motif.STAR, scale=0.2, count=5), NAVY, WHITE)

    ring, index = (painted(design, Scan(nails=(nail(finger),))) for finger in (Finger.RING, Finger.INDEX))

    assert not np.array_equal(ring, index)


def lab_of(rgb: Array) -> Array:
    """(LENGTH, WIDTH, 3) of the nail, its free edge first."""
    lab: Array = srgb_to_lab(rgb[240 - EDGE : 240 - CUTICLE, LEFT : LEFT + WIDTH] / 255)
    return lab


def changed(rgb: Array, than: Array) -> Array:
    """(LENGTH, WIDTH) bool: where a nail looks clearly different."""
    lab, before = (
        srgb_to_lab(picture[240 - EDGE : 240 - CUTICLE, LEFT : LEFT + WIDTH] / 255) for picture in (rgb, than)
    )
    different: Array = delta_e00(lab, before) > 6
    return different


@pytest.mark.parametrize("cut", [Cut.ROUND, Cut.CABOCHON, Cut.PEARL])
@pytest.mark.parametrize("size_mm", [1.5, 3.0])
def test_a_stone_is_as_large_as_it_says_on_a_nail_of_eleven_millimetres(cut: Cut, size_mm: float) -> None:
    plain = painted(layer(Accent(fingers=(Finger.THUMB,)), NAVY, WHITE))
    rgb = painted(layer(Gems(cut=cut, size_mm=size_mm), NAVY, WHITE))

    across = changed(rgb, plain).any(axis=0).sum() / WIDTH * 11
    assert across == pytest.approx(size_mm, rel=0.25, abs=0.25)


@pytest.mark.parametrize("cut", list(Cut))
def test_a_stone_has_a_bright_point_on_the_lights_side_and_a_shadow_on_the_other(cut: Cut) -> None:
    photo = bare()
    slope = np.linspace(1.25, 0.75, WIDTH)  # the light comes from the left
    window = photo[240 - EDGE : 240 - CUTICLE, LEFT : LEFT + WIDTH]
    window[:] = np.clip(window * slope[None, :, None], 0, 255).astype(np.uint8)
    plain = painted(layer(Accent(fingers=(Finger.THUMB,)), NUDE, RED), photo=photo)
    rgb = painted(layer(Gems(cut=cut, size_mm=4.0), NUDE, RED), photo=photo)

    light, before = (
        srgb_to_lab(one[240 - EDGE : 240 - CUTICLE, LEFT : LEFT + WIDTH] / 255)[..., 0]
        for one in (rgb, plain)
    )
    _, column = np.unravel_index(np.argmax(light - before), light.shape)
    middle = WIDTH // 2
    shade = (light - before)[LENGTH // 2 - 4 : LENGTH // 2 + 4]
    half = 18 * (0.52 if cut is Cut.MARQUISE else 1.0)
    left, right = shade[:, : int(middle - half - 1)].sum(), shade[:, int(middle + half + 1) :].sum()
    assert light.max() > 85
    assert column < middle
    assert right < left - 10


def test_facets_of_a_stone_are_of_different_brightness() -> None:
    rgb = painted(layer(Gems(size_mm=4.5), NAVY, WHITE))

    stone = srgb_to_lab(rgb[240 - CUTICLE - 75 : 240 - CUTICLE - 55, 90:110] / 255)[..., 0]
    assert np.ptp(np.percentile(stone, [5, 95])) > 20
