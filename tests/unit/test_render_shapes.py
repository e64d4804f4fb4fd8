"""Shaped nails on a drawn hand: two bare nails side by side on skin, their fingertips over a backdrop."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

import cv2
import numpy as np
import pytest

from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finger import Finger, HandName, HandSide
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.shape import NailShape
from models.render import renderer_for
from models.render.nails.extension import MARGIN
from models.render.nails.shape import half_width
from models.render.nails.wear import lay_edge, wear
from models.types import Array, Box, Hand, Mask, Nail, Scan

SHAPED = [shape for shape in NailShape if shape is not NailShape.NATURAL]
RED = Swatch.of("#b3122a")
SIZE = (420, 360)
SKIN, BED, BACKDROP = (214, 168, 140), (228, 176, 164), (70, 110, 90)
WIDE, LONG, EDGE_Y = 60, 72, 200


def nail_at(x: int, finger: Finger, tilt: float = 0.0) -> Nail:
    """A plate that points up (or is turned by tilt degrees), its free edge's middle at EDGE_Y."""
    alpha = np.zeros(SIZE, np.uint8)
    turn = np.radians(tilt)
    ahead = np.array([np.sin(turn), -np.cos(turn)])
    edge = np.array([x, EDGE_Y])
    middle = edge - ahead * LONG / 2
    y, xs = np.mgrid[0 : SIZE[0], 0 : SIZE[1]] + 0.5
    along = (xs - middle[0]) * ahead[0] + (y - middle[1]) * ahead[1]
    across = (y - middle[1]) * ahead[0] - (xs - middle[0]) * ahead[1]
    radius = np.abs(across / (WIDE / 2)) ** 3.2 + np.abs(along / (LONG / 2)) ** 3.2
    alpha = (np.clip((1 - radius) * 12 + 0.5, 0, 1) * 255).astype(np.uint8)
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    axis = np.array([edge - ahead * LONG, edge], np.float32)
    return Nail(Mask(alpha[box.slices].copy(), box), axis, float(WIDE), 0.9, 0, finger)


def photo(*nails: Nail) -> Array:
    rgb = np.full((*SIZE, 3), BACKDROP, np.uint8)
    for nail in nails:
        cuticle, edge = nail.axis
        start, end = cuticle - (edge - cuticle) * 3, edge - (edge - cuticle) * 0.35
        cv2.line(
            rgb, *(tuple(int(v) for v in p) for p in (start, end)), SKIN, round(WIDE * 1.35), cv2.LINE_AA
        )
    for nail in nails:
        part = rgb[nail.mask.box.slices]
        share = nail.mask.alpha[..., None] / 255
        part[:] = np.round(part + (np.array(BED) - part) * share)
    return rgb


def polish(
    shape: NailShape, length: float, finish: NailFinish = NailFinish.CREAM, **more: object
) -> NailPolish:
    return NailPolish(swatch=RED, finish=finish, shape=shape, length=length, **more)  # type: ignore[arg-type]


def worn(rgb: Array, scan: Scan, layer: NailPolish) -> tuple[Array, Scan]:
    """What the pipeline's composite step does for one layer."""
    canvas = rgb.copy()
    shaped, tips = wear(canvas, scan, [layer])
    renderer = renderer_for(layer)
    assert renderer is not None
    renderer.draw(canvas, shaped, layer)
    for tip in tips:
        lay_edge(canvas, tip)
    return canvas, shaped


def mask_of(scan: Scan, index: int = 0) -> Array:
    """(h, w) float: the nail's coverage in the photo."""
    full = np.zeros(SIZE, np.float32)
    nail = (scan.nails or ())[index]
    full[nail.mask.box.slices] = nail.mask.alpha / 255
    return full


def near(rgb: Array, colour: tuple[int, int, int], places: Array) -> float:
    """Median ΔE00 to a colour."""
    lab = srgb_to_lab(rgb[places] / 255)
    return float(np.median(delta_e00(lab, srgb_to_lab(np.array(colour) / 255))))


NAIL = nail_at(180, Finger.MIDDLE)
PHOTO = photo(NAIL)
SCAN = Scan(nails=(NAIL,))


@pytest.mark.parametrize("shape", list(NailShape))
def test_a_longer_nail_is_larger_and_reaches_its_length(shape: NailShape) -> None:
    areas = []
    for length in (0.8, 1.2, 1.6, 2.0, 2.5):
        _, shaped = worn(PHOTO, SCAN, polish(shape, length))
        mask = mask_of(shaped)
        areas.append(mask.sum())
        top = np.flatnonzero((mask > 0.3).any(1))[0]
        reached = (EDGE_Y + LONG - top) / LONG
        assert reached == pytest.approx(length, abs=0.08), (shape, length)
    assert all(longer > 1.05 * shorter for shorter, longer in pairwise(areas)), areas


@pytest.mark.parametrize("shape", SHAPED)
@pytest.mark.parametrize("length", [1.0, 1.6, 2.5])
def test_a_shape_is_symmetric_about_the_axis(shape: NailShape, length: float) -> None:
    mask = mask_of(worn(PHOTO, SCAN, polish(shape, length))[1])
    assert (
        np.abs(mask - np.roll(mask[:, ::-1], 1 if SIZE[1] % 2 else 0, axis=1)).mean() * mask.size
        < 0.02 * mask.sum()
    )


@pytest.mark.parametrize("free", [2.0, 3.0, 4.0])
def test_tips_are_ordered_from_the_stiletto_to_the_square(free: float) -> None:
    order = ("stiletto", "almond", "coffin", "oval", "round", "squoval", "square")
    place = np.array([0.16 * free], np.float32)  # nine tenths along the whole nail
    widths = [float(half_width(NailShape(name), place, free)[0]) for name in order]
    assert widths == sorted(widths), widths
    assert widths[0] < widths[1] < widths[2] < widths[3]


@pytest.mark.parametrize("shape", list(NailShape))
@pytest.mark.parametrize("length", [0.8, 1.4, 2.5])
def test_the_sides_run_on_without_a_step(shape: NailShape, length: float) -> None:
    mask = mask_of(worn(PHOTO, SCAN, polish(shape, length))[1])
    along = (EDGE_Y + LONG - np.arange(SIZE[0])) / LONG
    widths = mask.sum(1)[(along > 0.2) & (along < 0.8 * length)]
    steepest = np.abs(np.diff(widths, n=2)).max()
    assert steepest < 2.5, steepest


@pytest.mark.parametrize("finish", [NailFinish.CREAM, NailFinish.SHEER, NailFinish.JELLY])
def test_the_backdrop_does_not_show_through_an_extension(finish: NailFinish) -> None:
    canvas, shaped = worn(PHOTO, SCAN, polish(NailShape.SQUARE, 2.0, finish))
    beyond = np.zeros(SIZE, bool)
    beyond[: EDGE_Y - 12] = True
    mask = mask_of(shaped)
    tip = (mask > 0.99) & (cv2.erode(mask, np.ones((9, 9))) > 0.99) & beyond
    assert tip.sum() > 1000
    red = canvas[tip].astype(int)
    assert np.median(red[:, 0] - red[:, 1]) > 10
    if finish is NailFinish.CREAM:
        assert near(canvas, (0xB3, 0x12, 0x2A), tip) < 6


@pytest.mark.parametrize("shape", [NailShape.ALMOND, NailShape.SQUARE, NailShape.NATURAL])
def test_a_shortened_nail_leaves_nothing_of_its_old_edge(shape: NailShape) -> None:
    old = PHOTO.copy()
    box = NAIL.mask.box
    share = NAIL.mask.alpha[..., None] / 255
    old[box.slices] = np.round(old[box.slices] + (np.array([20, 30, 160]) - old[box.slices]) * share)
    canvas, shaped = worn(old, SCAN, polish(shape, 0.8))
    gone = (mask_of(SCAN) > 0) & (mask_of(shaped) < 0.02)
    assert gone.sum() > 200
    blue = canvas[gone].astype(int)
    assert (blue[:, 2] - blue[:, 0]).max() < 40


def test_a_natural_nail_of_natural_length_is_left_to_its_paint() -> None:
    canvas = PHOTO.copy()
    shaped, tips = wear(canvas, SCAN, [polish(NailShape.NATURAL, 1.0)])
    assert shaped is SCAN
    assert tips == ()
    assert np.array_equal(canvas, PHOTO)


@pytest.mark.parametrize("shape", list(NailShape))
@pytest.mark.parametrize("length", [0.8, 1.6, 2.5])
def test_pixels_beyond_nail_and_shadow_keep_their_bytes(shape: NailShape, length: float) -> None:
    canvas, shaped = worn(PHOTO, SCAN, polish(shape, length, NailFinish.GEL))
    reach = 2 * (round(MARGIN * WIDE) + 4) + 1
    may = cv2.dilate(np.maximum(mask_of(SCAN), mask_of(shaped)), np.ones((reach, reach))) > 0
    assert np.array_equal(canvas[~may], PHOTO[~may])
    again, _ = worn(PHOTO, SCAN, polish(shape, length, NailFinish.GEL))
    assert np.array_equal(canvas, again)


def test_an_extension_casts_a_shadow_that_fades_away_from_the_finger() -> None:
    canvas, shaped = worn(PHOTO, SCAN, polish(NailShape.SQUARE, 2.5))
    beside = mask_of(shaped) == 0
    darker = (PHOTO.astype(int) - canvas).sum(-1) * beside
    rows = darker.max(1)
    assert rows[EDGE_Y - 15] > 6
    assert rows[EDGE_Y - 95] < 0.75 * rows[EDGE_Y - 15]
    assert darker.min() >= 0


@pytest.mark.parametrize("x", [8, 352])
def test_an_extension_is_cut_by_the_photos_frame(x: int) -> None:
    nail = nail_at(180, Finger.MIDDLE, tilt=75.0 if x > 180 else -75.0)
    shift = x - 180 - (60 if x > 180 else -60)
    box = nail.mask.box
    moved = Box(box.x0 + shift, box.y0, box.x1 + shift, box.y1)
    nail = Nail(
        Mask(nail.mask.alpha, moved), nail.axis + np.float32([shift, 0]), float(WIDE), 0.9, 0, Finger.MIDDLE
    )
    canvas, shaped = worn(photo(nail), Scan(nails=(nail,)), polish(NailShape.COFFIN, 2.5))
    box = (shaped.nails or ())[0].mask.box
    assert canvas.shape == PHOTO.shape
    assert box.x0 == 0 or box.x1 == SIZE[1]


def test_an_extension_passes_below_the_neighbours_nail() -> None:
    long, other = nail_at(150, Finger.INDEX, tilt=40.0), nail_at(235, Finger.MIDDLE)
    up = Box(other.mask.box.x0, other.mask.box.y0 - 60, other.mask.box.x1, other.mask.box.y1 - 60)
    other = Nail(
        Mask(other.mask.alpha, up), other.axis - np.float32([0, 60]), float(WIDE), 0.9, 0, Finger.MIDDLE
    )
    rgb = photo(long, other)
    layer = polish(NailShape.SQUARE, 2.5, fingers=(Finger.INDEX,))
    alone, _ = worn(rgb, Scan(nails=(long,)), layer)
    beside, _ = worn(rgb, Scan(nails=(long, other)), layer)
    plate = mask_of(Scan(nails=(other,))) > 0.99
    assert (alone[plate] != rgb[plate]).any()
    assert np.array_equal(beside[plate], rgb[plate])


def test_an_extension_passes_below_a_finger_that_is_nearer() -> None:
    points = np.zeros((21, 3), np.float32)
    points[5:9] = [[180, 400, 0], [180, 350, 0], [180, 300, 0], [180, 205, 0]]
    points[9:13] = [[60, 130, 0], [140, 130, 0], [220, 130, 0], [300, 130, 0]]

    def drawn(depth: float) -> Array:
        points[9:13, 2] = depth
        hand = Hand(points.copy(), HandName.LEFT, HandSide.DORSAL, 0.9)
        nail = nail_at(180, Finger.INDEX)
        _, shaped = worn(PHOTO, Scan(hands=(hand,), nails=(nail,)), polish(NailShape.SQUARE, 2.2))
        return mask_of(shaped)

    assert drawn(-80.0)[130, 180] < 0.05
    assert drawn(80.0)[130, 180] > 0.95


def test_shaping_a_nail_takes_few_milliseconds() -> None:
    layers = [polish(NailShape.COFFIN, 2.0)]
    wear(PHOTO.copy(), SCAN, layers)
    took = []
    for _ in range(9):
        canvas, start = PHOTO.copy(), process_time()
        _, tips = wear(canvas, SCAN, layers)
        lay_edge(canvas, tips[0])
        took.append(process_time() - start)
    assert min(took) < 0.012, took
