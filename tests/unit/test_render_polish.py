"""Polish on nails formed physically: albedo × shading × noise + specular in linear light, encoded to 8 bit."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from looks.colour import Swatch, delta_e00, hex_to_srgb, linear_to_srgb, srgb_to_lab, srgb_to_linear
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import NailPolish, of_material
from looks.material import MATERIALS
from looks.shape import NailShape
from models.render import FINISHES
from models.render.light import linear, luminance
from models.render.nails import PolishRenderer
from models.render.nails.paint import painted
from models.render.nails.pigment import pigment
from models.render.nails.surface import surface_of
from models.render.shading import take_apart
from models.types import Array, Box, Mask, Nail, Scan

MONK = (
    "#f6ede4",
    "#f3e7db",
    "#f7ead0",
    "#eadaba",
    "#d7bd96",
    "#a07e56",
    "#825c43",
    "#604134",
    "#3a312a",
    "#292420",
)
SWATCHES = ("#b00020", "#d8a78c", "#0d0d0f", "#f4f1ec", "#14224f", "#f2a0b8", "#0f7f7c", "#ff6f52", "#a39a90")
HEIGHT, WIDTH = 140, 100
OPAQUE = (NailFinish.CREAM, NailFinish.GEL, NailFinish.MATTE)


class Bare:
    """A photo of one bare nail. rgb: (160, 120, 3) uint8; shading, specular, core: of the nail's box."""

    def __init__(self, tone: str, glare: float = 0.4) -> None:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
        u, v = (x - WIDTH / 2) / (WIDTH * 0.36), (y - HEIGHT / 2) / (HEIGHT * 0.40)
        radius = np.abs(u) ** 2.6 + np.abs(v) ** 2.6
        soft = np.clip((1 - radius) * 14 + 0.5, 0, 1)
        side = 0.8 * np.clip(u, -1, 1)
        shading = np.clip(-0.35 * side + 0.9 * np.sqrt(1 - side**2), 0.05, 1)
        self.core = soft > 0.99
        self.shading = shading / np.median(shading[self.core])
        self.specular = glare * np.exp(-((u + 0.35) ** 2 / 0.012 + (v + 0.05) ** 2 / 0.2))
        skin = srgb_to_linear(hex_to_srgb(tone))
        bed = np.clip(skin * 0.85 + 0.10 * np.array([1, 0.72, 0.70]), 0, 1)
        albedo = skin + (bed - skin) * soft[..., None]
        noise = 1 + 0.02 * np.random.default_rng(7).standard_normal((HEIGHT, WIDTH, 1))
        light = albedo * self.shading[..., None] * noise + (self.specular * soft)[..., None]
        self.rgb = np.full((160, 120, 3), 90, np.uint8)
        box = Box(10, 10, 10 + WIDTH, 10 + HEIGHT)
        self.rgb[box.slices] = np.round(linear_to_srgb(light) * 255).astype(np.uint8)
        alpha = np.round(soft * 255).astype(np.uint8)
        axis = np.array([[60, 10 + HEIGHT * 0.1], [60, 10 + HEIGHT * 0.9]], np.float32)
        self.nail = Nail(Mask(alpha, box), axis, WIDTH * 0.72, 0.9, 0, Finger.INDEX)

    def painted(self, layer: NailPolish) -> Array:
        canvas = self.rgb.copy()
        PolishRenderer().draw(canvas, Scan(nails=(self.nail,)), layer)
        return canvas

    def of_nail(self, rgb: Array) -> Array:
        return rgb[self.nail.mask.box.slices]


def lightness(rgb: Array) -> Array:
    lab: Array = srgb_to_lab(rgb / 255)
    return lab[..., 0]


@pytest.mark.parametrize("finish", OPAQUE)
@pytest.mark.parametrize("tone", MONK)
def test_outside_highlights_the_colour_is_the_swatch(tone: str, finish: NailFinish) -> None:
    bare = Bare(tone)
    calm = bare.core & (bare.specular < 0.02)
    for swatch in map(Swatch.of, SWATCHES):
        lab = srgb_to_lab(bare.of_nail(bare.painted(NailPolish(swatch=swatch, finish=finish)))[calm] / 255)
        assert float(delta_e00(np.median(lab, axis=0), np.array(swatch.lab))) <= 2.0, (swatch.hex, finish)


@pytest.mark.parametrize("finish", sorted(FINISHES))
def test_pixels_outside_the_mask_keep_their_bytes(finish: NailFinish) -> None:
    bare = Bare(MONK[4])
    rgb = bare.painted(NailPolish(swatch=Swatch.of("#b00020"), finish=finish))
    touched = np.zeros(rgb.shape[:2], bool)
    touched[bare.nail.mask.box.slices] = bare.nail.mask.alpha > 0
    assert np.array_equal(rgb[~touched], bare.rgb[~touched])
    assert (rgb[touched] != bare.rgb[touched]).any()


@pytest.mark.parametrize("tone", [MONK[0], MONK[5], MONK[9]])
def test_the_photos_shading_stays(tone: str) -> None:
    bare = Bare(tone)
    calm = bare.core & (bare.specular < 0.01)
    rgb = bare.painted(NailPolish(swatch=Swatch.of("#b00020"), finish=NailFinish.MATTE))
    drawn = lightness(bare.of_nail(rgb))[calm]
    assert np.corrcoef(drawn, bare.shading[calm])[0, 1] >= 0.9


def test_a_gel_keeps_the_photos_highlight_and_a_matte_loses_it() -> None:
    bare = Bare(MONK[6])
    glare = bare.core & (bare.specular > 0.3)
    black = Swatch.of("#0d0d0f")
    gel, matte = (
        lightness(bare.of_nail(bare.painted(NailPolish(swatch=black, finish=finish))))[glare].mean()
        for finish in (NailFinish.GEL, NailFinish.MATTE)
    )
    assert gel > 50
    assert matte < gel - 25


def test_a_gel_gets_a_highlight_where_the_photo_has_none() -> None:
    bare = Bare(MONK[6], glare=0.0)
    navy = Swatch.of("#14224f")
    gel, matte = (
        lightness(bare.of_nail(bare.painted(NailPolish(swatch=navy, finish=finish))))[bare.core]
        for finish in (NailFinish.GEL, NailFinish.MATTE)
    )
    assert np.percentile(gel, 98) > np.percentile(matte, 98) + 15


@pytest.mark.parametrize("finish", [NailFinish.SHEER, NailFinish.JELLY])
def test_the_natural_nail_shows_through_a_thin_finish_and_less_with_each_coat(finish: NailFinish) -> None:
    bare = Bare(MONK[4], glare=0.0)
    swatch = Swatch.of("#14224f")

    def distance(coats: int) -> float:
        rgb = bare.painted(NailPolish(swatch=swatch, finish=finish, coats=coats))
        lab = srgb_to_lab(bare.of_nail(rgb)[bare.core] / 255)
        return float(delta_e00(np.median(lab, axis=0), np.array(swatch.lab)))

    one, two, four = map(distance, (1, 2, 4))
    assert one > two > four > 2.0


def test_a_white_free_edge_does_not_shine_through() -> None:
    bare = Bare(MONK[5], glare=0.0)
    window = bare.of_nail(bare.rgb)
    window[100:126] = np.clip(window[100:126] * 1.25 + 20, 0, 255).astype(np.uint8)
    lab = srgb_to_lab(bare.of_nail(bare.painted(NailPolish(swatch=Swatch.of("#b00020")))) / 255)
    edge, bed = lab[104:118, 45:55].reshape(-1, 3), lab[60:90, 45:55].reshape(-1, 3)
    assert float(delta_e00(np.median(edge, axis=0), np.median(bed, axis=0))) < 6.0


def test_only_the_named_fingers_are_painted() -> None:
    bare = Bare(MONK[2])
    layer = NailPolish(swatch=Swatch.of("#b00020"), fingers=(Finger.THUMB,))
    drawn = PolishRenderer().draw(canvas := bare.rgb.copy(), Scan(nails=(bare.nail,)), layer)
    assert drawn.count == 0
    assert np.array_equal(canvas, bare.rgb)


def test_half_opacity_lies_between_bare_and_painted() -> None:
    bare = Bare(MONK[2], glare=0.0)
    black = Swatch.of("#0d0d0f")
    full, half = (
        lightness(bare.of_nail(bare.painted(NailPolish(swatch=black, opacity=opacity))))[bare.core].mean()
        for opacity in (1.0, 0.5)
    )
    assert full < half < lightness(bare.of_nail(bare.rgb))[bare.core].mean()


def test_the_same_picture_gives_the_same_bytes() -> None:
    bare, layer = Bare(MONK[7]), NailPolish(swatch=Swatch.of("#0f7f7c"), finish=NailFinish.GEL)
    assert np.array_equal(bare.painted(layer), bare.painted(layer))


def test_a_nail_of_a_few_pixels_is_painted_too() -> None:
    rgb = np.full((20, 20, 3), 150, np.uint8)
    alpha = np.zeros((6, 5), np.uint8)
    alpha[1:5, 1:4] = 200
    nail = Nail(Mask(alpha, Box(3, 3, 8, 9)), np.array([[5, 4], [5, 8]], np.float32), 3.0, 0.6)
    drawn = PolishRenderer().draw(rgb, Scan(nails=(nail,)), NailPolish(swatch=Swatch.of("#b00020")))
    assert drawn.count == 1
    assert rgb[6, 5, 0] > rgb[6, 5, 1] + 40


def test_every_finish_shape_and_length_is_drawn() -> None:
    red = Swatch.of("#b00020")
    supports = PolishRenderer().supports
    assert frozenset(NailFinish) == FINISHES
    assert all(supports(NailPolish(swatch=red, finish=finish)) for finish in NailFinish)
    assert supports(NailPolish(swatch=red, shape=NailShape.ALMOND))
    assert supports(NailPolish(swatch=red, length=1.5))


def sparkle(rgb: Array, core: Array) -> float:
    """Usual deviation of lightness from its neighbourhood: what glitters, not what is shaded or mirrors a window."""
    light = lightness(rgb).astype(np.float32)
    return float(np.median(np.abs(light - cv2.GaussianBlur(light, (0, 0), 3.0))[core]))


def test_every_finish_has_a_look_of_its_own() -> None:
    bare, swatch = Bare(MONK[5], glare=0.0), Swatch.of("#8c2f52")
    drawn = {
        finish: bare.of_nail(bare.painted(NailPolish(swatch=swatch, finish=finish))) for finish in FINISHES
    }

    for one, other in combinations(sorted(FINISHES), 2):
        apart = np.abs(lightness(drawn[one]) - lightness(drawn[other]))[bare.core]
        assert np.percentile(apart, 95) > 1.5, (one, other)


@pytest.mark.parametrize("finish", sorted(FINISHES))
def test_every_finish_gives_the_same_bytes_again(finish: NailFinish) -> None:
    bare, layer = Bare(MONK[3]), NailPolish(swatch=Swatch.of("#0f7f7c"), finish=finish)
    assert np.array_equal(bare.painted(layer), bare.painted(layer))


def test_glitter_sparkles_and_shimmer_does_less_and_cream_not_at_all() -> None:
    bare, silver = Bare(MONK[5], glare=0.0), Swatch.of("#c3c7cc")
    cream, fine, coarse, glitter = (
        sparkle(bare.of_nail(bare.painted(NailPolish(swatch=silver, finish=finish))), bare.core)
        for finish in (
            NailFinish.CREAM,
            NailFinish.SHIMMER_FINE,
            NailFinish.SHIMMER_COARSE,
            NailFinish.GLITTER,
        )
    )
    assert cream < fine < coarse < glitter
    assert glitter > 2 * cream


def test_glitter_averages_out_in_a_thumbnail() -> None:
    bare, silver = Bare(MONK[5], glare=0.0), Swatch.of("#c3c7cc")
    rgb = bare.of_nail(bare.painted(NailPolish(swatch=silver, finish=NailFinish.GLITTER)))[20:120, 30:70]
    small = cv2.resize(rgb, (8, 20), interpolation=cv2.INTER_AREA)
    grain, left = (float(np.abs(np.diff(lightness(part), axis=0)).mean()) for part in (rgb, small))
    assert left < 0.6 * grain


def test_metal_mirrors_in_its_own_colour_and_a_gel_in_white() -> None:
    bare, gold = Bare(MONK[5], glare=0.0), Swatch.of("#bf9c54")

    def chroma_of_highlight(finish: NailFinish) -> float:
        lab = srgb_to_lab(bare.of_nail(bare.painted(NailPolish(swatch=gold, finish=finish)))[bare.core] / 255)
        bright = lab[lab[:, 0] >= np.percentile(lab[:, 0], 97)].mean(axis=0)
        return float(np.hypot(bright[1], bright[2]))

    own, metal = float(np.hypot(*gold.lab[1:])), chroma_of_highlight(NailFinish.METALLIC)
    assert metal > 0.75 * own
    assert chroma_of_highlight(NailFinish.GEL) < metal - 3


def test_chrome_is_smooth_and_has_more_contrast_than_metallic() -> None:
    bare, silver = Bare(MONK[5], glare=0.0), Swatch.of("#bec1c4")
    chrome, metallic = (
        bare.of_nail(bare.painted(NailPolish(swatch=silver, finish=finish)))
        for finish in (NailFinish.CHROME, NailFinish.METALLIC)
    )
    assert np.ptp(lightness(chrome)[bare.core]) > np.ptp(lightness(metallic)[bare.core])
    rows = lightness(chrome)[40:100, 30:70]
    assert np.abs(np.diff(rows, axis=0)).mean() < 1.0


@pytest.mark.parametrize("finish", [NailFinish.METALLIC, NailFinish.FOIL, NailFinish.CHROME])
def test_what_hides_shows_no_free_edge(finish: NailFinish) -> None:
    bare = Bare(MONK[5], glare=0.0)
    plain = bare.of_nail(bare.painted(NailPolish(swatch=Swatch.of("#892d3d"), finish=finish))).astype(float)
    window = bare.of_nail(bare.rgb)
    window[100:126] = np.clip(window[100:126] * 1.25 + 20, 0, 255).astype(np.uint8)
    edged = bare.of_nail(bare.painted(NailPolish(swatch=Swatch.of("#892d3d"), finish=finish))).astype(float)
    assert np.abs(edged - plain)[104:118, 45:55].mean() < 12


def test_a_cat_eyes_line_lies_where_the_magnet_was_held() -> None:
    bare = Bare(MONK[5], glare=0.0)
    surface, ground = surface_of(bare.nail), linear(bare.of_nail(bare.rgb))
    shading = take_apart(ground, bare.nail)
    layer = NailPolish(swatch=Swatch.of("#173a2c"), finish=NailFinish.CAT_EYE)
    plain = MATERIALS[NailFinish.CAT_EYE].changed({"clear_coat": 0.0})

    def brightest(position: float) -> float:
        material = plain.changed({"line_position": position})
        paint = pigment(layer, surface)
        light = painted(ground, bare.nail.mask, surface, shading, paint, material, 2, np.array([-0.3, -0.4]))
        rows = luminance(light)[:, 45:55].mean(axis=1)
        return float(surface.along[int(rows.argmax()), 50])

    for position in (0.3, 0.5, 0.7):
        assert brightest(position) == pytest.approx(position, abs=0.06)


def test_bumps_of_a_textured_polish_are_lit_from_one_side() -> None:
    bare, sand = Bare(MONK[5], glare=0.0), Swatch.of("#cdab87")
    smooth, rough = (
        sparkle(bare.of_nail(bare.painted(NailPolish(swatch=sand, finish=finish))), bare.core)
        for finish in (NailFinish.MATTE, NailFinish.TEXTURED)
    )
    assert rough > 2 * smooth


def test_a_designs_own_material_is_drawn() -> None:
    bare, red = Bare(MONK[5]), Swatch.of("#b00020")
    usual = NailPolish(swatch=red, finish=NailFinish.CREAM, coats=1)
    same = of_material(usual, MATERIALS[NailFinish.CREAM])
    thin = of_material(usual, MATERIALS[NailFinish.CREAM].changed({"coverage": 0.3}))

    assert same == usual
    shown, hidden = (bare.of_nail(bare.painted(one))[bare.core] for one in (thin, usual))
    bed = bare.of_nail(bare.rgb)[bare.core]
    assert np.abs(shown - bed.astype(int)).mean() < 0.7 * np.abs(hidden - bed.astype(int)).mean()
