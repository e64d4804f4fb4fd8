"""Make-up on a portrait, with the real detector: what is painted, what is left alone, and what lies over the face."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from looks.colour import Swatch, delta_e00, srgb_to_lab
from looks.finish import BaseFinish, Coverage, LipFinish, SkinFinish
from looks.layer import AnyLayer, Base, Brows, Cheeks, Eyes, Lips
from looks.look import Look
from looks.renderable import is_renderable
from models.compose import NO_CHEEKS, NO_FACE, NOT_THAT_FACE, LayerStatus
from models.decode import decode
from models.pipeline import Render, Studio
from models.render import renderer_for
from models.render.face.lashes import FANS
from models.render.face.lashes import hairs as lash_hairs
from models.render.face.liner import LINES
from models.render.face.proportions import emphasis
from models.segment.face.eye import Eye, eyes_of
from models.segment.face.mesh import RIGHT
from models.segment.skin_face import face_skin
from models.types import Array, Face, Photo, Scan
from models.wearers import worn_by

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"
MASK = (227, 116, 118, 47, 195, 277, 347, 345, 447, 366, 288, 379, 152, 150, 58, 137)
"""Landmarks round a face mask."""


def of(*colours: str) -> tuple[Swatch, ...]:
    return tuple(Swatch.of(colour) for colour in colours)


LAYERS: dict[str, AnyLayer] = {
    "foundation": Base(colours=of("#c08e6c"), coverage=Coverage.FULL),
    "dewy": Base(colours=of("#d3a580"), finish=BaseFinish.DEWY, coverage=Coverage.SHEER),
    "concealer": Base(colours=of("#e2be9c"), style="concealer"),
    "blush": Cheeks(colours=of("#c4677a")),
    "apple": Cheeks(colours=of("#e79aa4", "#cf6a7c"), style="apple"),
    "draping": Cheeks(colours=of("#7b2f45", "#a8505c", "#c9857b"), style="draping"),
    "sun_kissed": Cheeks(colours=of("#dd6f58"), finish=SkinFinish.DEWY, style="sun_kissed"),
    "contour": Cheeks(colours=of("#7a5a47"), finish=SkinFinish.MATTE, style="contour"),
    "bronzer": Cheeks(colours=of("#8b5a3d"), style="bronzer"),
    "highlighter": Cheeks(colours=of("#e8cead"), finish=SkinFinish.SHIMMER, style="highlighter"),
    **{
        f"shadow_{n}": Eyes(colours=of("#d8ae90", "#b47552", "#8c5d48", "#6c4032", "#3a2018")[:n])
        for n in range(1, 6)
    },
    **{style: Eyes(colours=of("#17171a"), finish=SkinFinish.MATTE, style=style) for style in (*LINES, *FANS)},
    "brows": Brows(colours=of("#46362b"), style="high_arch", fill=0.9),
    "brows_natural": Brows(colours=of("#624b3b")),
}


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


@pytest.fixture(scope="module")
def portrait() -> Photo:
    """The head, enlarged until its eyes are worth painting."""
    rgb = decode(PORTRAIT.read_bytes()).rgb[:290, 90:360]
    return Photo(cv2.resize(rgb, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC))


@pytest.fixture(scope="module")
def scan(studio: Studio, portrait: Photo) -> Scan:
    """Everything that any layer needs of the portrait."""
    return worn(studio, portrait, LAYERS["blush"])[1]


def worn(studio: Studio, photo: Photo, *layers: AnyLayer) -> tuple[Render, Scan]:
    result = studio.try_on(photo, [Look(name="look", layers=layers)])
    return result.renders[0], result.scan


def painted(photo: Photo, scan: Scan, layer: AnyLayer) -> Array:
    canvas, renderer = photo.rgb.copy(), renderer_for(layer)
    assert renderer is not None
    renderer.draw(canvas, scan, layer)
    return canvas


def changed(photo: Photo, rgb: Array) -> Array:
    touched: Array = (photo.rgb != rgb).any(axis=-1)
    return touched


def skin_of(scan: Scan, photo: Photo, least: int = 1) -> Array:
    """Bool over the photo: the first face's free skin."""
    inside = np.zeros(photo.size, bool)
    (skin,) = scan.skin or ()
    inside[skin.mask.box.slices] = skin.mask.alpha >= least
    return inside


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_only_free_skin_is_painted_and_always_alike(portrait: Photo, scan: Scan, name: str) -> None:
    first, second = (painted(portrait, scan, LAYERS[name]) for _ in range(2))

    touched = changed(portrait, first)
    assert touched.any()
    assert not (touched & ~skin_of(scan, portrait)).any()
    assert np.array_equal(first, second)


@pytest.mark.parametrize("name", [name for name, layer in LAYERS.items() if isinstance(layer, Eyes | Base)])
def test_the_eyeball_is_never_painted(portrait: Photo, scan: Scan, name: str) -> None:
    touched = changed(portrait, painted(portrait, scan, LAYERS[name]))

    (face,) = scan.faces or ()
    for eye in eyes_of(face.landmarks):
        box = eye.box(portrait.size, (0.0, -0.4), (1.0, 0.5))
        assert box is not None
        ball = eye.places(box).skin(-1.0) < 0.01  # a pixel and more inside the lids
        assert ball.sum() > 30
        assert not (touched[box.slices] & ball).any()


def test_the_photo_shows_two_eyes_that_are_open(scan: Scan) -> None:
    (face,) = scan.faces or ()
    eyes = eyes_of(face.landmarks)

    assert len(eyes) == 2
    assert all(eye.lift > 0.3 for eye in eyes)


def test_lashes_of_an_open_eye_rise_and_those_of_a_shut_eye_hang(scan: Scan) -> None:
    (face,) = scan.faces or ()
    shut = face.landmarks.copy()
    shut[list(RIGHT.upper)] = shut[list(RIGHT.lower)]

    for landmarks, rises in ((face.landmarks, True), (shut, False)):
        eye = Eye.of(landmarks, RIGHT)
        assert eye is not None
        upper = slice(0, FANS["lashes"].upper)
        hairs = lash_hairs(eye, FANS["lashes"])
        height = (hairs.tips[upper] - hairs.roots[upper]) @ eye.up
        assert (float(np.median(height)) > 0) is rises


def test_an_eye_that_is_turned_away_is_left_alone(scan: Scan) -> None:
    (face,) = scan.faces or ()
    turned = face.landmarks.copy()
    middle = turned[RIGHT.upper[0]].copy()
    away = turned - middle
    turned[:, 0], turned[:, 2] = middle[0] + 0.2 * away[:, 0], middle[2] + 0.98 * away[:, 0]

    assert Eye.of(turned, RIGHT) is None


def test_a_contour_only_darkens_and_a_highlighter_only_brightens(portrait: Photo, scan: Scan) -> None:
    before = srgb_to_lab(portrait.rgb / 255)[..., 0]
    for name, sign in (("contour", -1), ("highlighter", 1)):
        rgb = painted(portrait, scan, LAYERS[name])
        step = sign * (srgb_to_lab(rgb / 255)[..., 0] - before)[changed(portrait, rgb)]
        assert float(np.percentile(step, 2)) > -0.8, name
        assert float(np.percentile(step, 98)) > 2.0, name


def test_foundation_takes_its_shade_and_keeps_the_pores(portrait: Photo, scan: Scan) -> None:
    layer = LAYERS["foundation"]
    rgb = painted(portrait, scan, layer)
    (face,) = scan.faces or ()
    assert isinstance(layer, Base)

    x, y = face.landmarks[50, :2].astype(int)  # a cheek
    part = slice(y - 25, y + 25), slice(x - 25, x + 25)
    lab = srgb_to_lab(rgb[skin_of(scan, portrait, 250)] / 255)
    assert float(delta_e00(np.median(lab, axis=0), np.array(layer.colours[0].lab))) < 4.0
    fine = [_pores(one[part]) for one in (portrait.rgb, rgb)]
    assert np.corrcoef(fine[0].ravel(), fine[1].ravel())[0, 1] > 0.9
    assert fine[1].std() / fine[0].std() > 0.7


def _pores(rgb: Array) -> Array:
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine: Array = grey - cv2.GaussianBlur(grey, (0, 0), 2.0)
    return fine


def test_foundation_evens_the_tone(portrait: Photo, scan: Scan) -> None:
    bare = face_skin(portrait, (scan.faces or ())[0])
    assert bare is not None
    face = np.zeros(portrait.size, bool)
    face[bare.box.slices] = bare.alpha > 250
    spread = []
    for one in (portrait.rgb, painted(portrait, scan, LAYERS["foundation"])):
        chroma = srgb_to_lab(one[face] / 255)[:, 1:]
        spread.append(float(chroma.std(axis=0).sum() / np.hypot(*chroma.mean(axis=0))))

    assert spread[1] < 0.85 * spread[0]


@pytest.mark.parametrize("depth", [1.0, 0.45, 0.16])
def test_blush_is_a_touch_of_colour_on_light_and_on_dark_skin(
    studio: Studio, portrait: Photo, depth: float
) -> None:
    light = (portrait.rgb / 255.0) ** 2.2 * np.array([1.0, 0.96, 0.92]) ** (1 - depth) * depth
    photo = Photo(np.round(255 * light ** (1 / 2.2)).astype(np.uint8))
    render, _ = worn(studio, photo, Cheeks(colours=of("#ad4962")))

    away = delta_e00(srgb_to_lab(photo.rgb / 255), srgb_to_lab(render.rgb / 255))[changed(photo, render.rgb)]
    assert 2.0 < float(np.percentile(away, 95)) < 14.0


def glasses(photo: Photo, face: Face) -> tuple[Photo, Array]:
    """Thick black frames over the eyes, and where they are."""
    rgb, drawn = photo.rgb.copy(), np.zeros(photo.size, np.uint8)
    right, left = (face.landmarks[[outer, inner], :2].mean(0) for outer, inner in ((33, 133), (263, 362)))
    span = float(np.linalg.norm(left - right))
    for middle in (right, left):
        corner = (
            (middle - np.array([0.40, 0.22]) * span).astype(int),
            (middle + np.array([0.40, 0.30]) * span).astype(int),
        )
        cv2.rectangle(drawn, corner[0].tolist(), corner[1].tolist(), (255,), int(0.07 * span))
    cv2.line(drawn, right.astype(int).tolist(), left.astype(int).tolist(), (0,), 1)
    inner = ((right + 0.40 * (left - right)).astype(int), (left - 0.40 * (left - right)).astype(int))
    cv2.line(drawn, inner[0].tolist(), inner[1].tolist(), (255,), int(0.07 * span))
    rgb[drawn > 0] = (24, 22, 24)
    return Photo(rgb), drawn > 0


def test_dark_frames_of_glasses_are_not_painted(studio: Studio, portrait: Photo, scan: Scan) -> None:
    photo, frames = glasses(portrait, (scan.faces or ())[0])

    render, _ = worn(studio, photo, LAYERS["foundation"], LAYERS["shadow_1"])

    inner = cv2.erode(frames.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    face = cv2.erode(skin_of(scan, portrait).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    touched = np.abs(photo.rgb.astype(int) - render.rgb).max(axis=-1) > 6
    assert touched[inner & face].mean() < 0.10
    assert touched[face & ~frames].mean() > 0.3


def test_hair_over_a_cheek_is_not_painted(studio: Studio, portrait: Photo, scan: Scan) -> None:
    (face,) = scan.faces or ()
    top, low = face.landmarks[117, :2], face.landmarks[136, :2]
    strand = np.zeros(portrait.size, np.uint8)
    cv2.line(
        strand,
        (top + np.array([0, 12])).astype(int).tolist(),
        (low + np.array([25, 0])).astype(int).tolist(),
        (255,),
        26,
    )
    rgb = portrait.rgb.copy()
    y, x = np.mgrid[: portrait.size[0], : portrait.size[1]]
    rgb[strand > 0] = (np.array([48, 34, 26]) * (1 + 0.4 * np.sin(x * 1.3 + y * 0.1))[..., None])[strand > 0]

    render, _ = worn(studio, Photo(rgb), LAYERS["foundation"], LAYERS["blush"], LAYERS["bronzer"])

    inner = cv2.erode(strand, np.ones((7, 7), np.uint8)) > 0
    assert changed(Photo(rgb), render.rgb)[inner].mean() < 0.05


@pytest.mark.parametrize("cloth", [(232, 232, 235), (150, 190, 215), (28, 28, 32)])
def test_a_mask_hides_lips_and_cheeks(
    studio: Studio, portrait: Photo, scan: Scan, cloth: tuple[int, int, int]
) -> None:
    (face,) = scan.faces or ()
    covered = np.zeros(portrait.size, np.uint8)
    outline = cv2.convexHull(face.landmarks[list(MASK), :2].astype(np.int32))
    cv2.fillPoly(covered, [outline], (255,))
    rgb = portrait.rgb.copy()
    rgb[covered > 0] = cloth

    render, _ = worn(studio, Photo(rgb), LAYERS["blush"], Lips(colours=of("#b3122a")), LAYERS["shadow_2"])

    cheeks, lips, _ = render.layers
    assert (cheeks.status, lips.status) == (LayerStatus.OCCLUDED, LayerStatus.OCCLUDED)
    assert cheeks.advice == NO_CHEEKS
    assert not changed(Photo(rgb), render.rgb)[covered > 0].any()


def test_a_photo_without_a_face_says_so(studio: Studio) -> None:
    grey = Photo(np.full((300, 300, 3), 128, np.uint8))

    render, _ = worn(studio, grey, LAYERS["blush"], LAYERS["shadow_1"], LAYERS["brows"], LAYERS["foundation"])

    assert {(layer.status, layer.advice) for layer in render.layers} == {(LayerStatus.NOT_FOUND, NO_FACE)}


def test_one_of_several_faces_can_wear_the_look(studio: Studio, portrait: Photo) -> None:
    small = cv2.resize(portrait.rgb, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    pair = np.full((portrait.size[0], portrait.size[1] + small.shape[1], 3), 90, np.uint8)
    pair[: small.shape[0], : small.shape[1]] = small
    pair[:, small.shape[1] :] = portrait.rgb
    looks = [
        Look(name=str(faces), layers=(LAYERS["foundation"],), faces=faces)
        for faces in ("all", "largest", (0,), (5,))
    ]

    result = studio.try_on(Photo(pair), looks)

    touched = [changed(Photo(pair), render.rgb) for render in result.renders]
    left, right = (
        [bool(one[:, part].any()) for one in touched] for part in (slice(0, 300), slice(420, None))
    )
    assert left == [True, False, True, False]
    assert right == [True, True, False, False]
    assert result.renders[3].layers[0].advice == NOT_THAT_FACE


def test_the_parts_of_a_chosen_face_follow_it(scan: Scan) -> None:
    (face,), (lips,), (skin,) = scan.faces or (), scan.lips or (), scan.skin or ()
    aside = replace(face, box=replace(face.box, x1=face.box.x1 + 900))
    two = replace(scan, faces=(aside, face), lips=(replace(lips, face=1),), skin=(replace(skin, face=0),))

    chosen = worn_by(two, (0,))

    assert chosen.faces == (face,)
    assert [one.face for one in chosen.lips or ()] == [0]
    assert chosen.skin == ()


def test_long_faces_are_shortened_and_round_ones_slimmed(scan: Scan) -> None:
    (face,) = scan.faces or ()
    long, round_ = face.landmarks.copy(), face.landmarks.copy()
    long[:, 1] *= 1.2
    round_[:, 1] *= 0.8

    assert emphasis(long).chin > emphasis(round_).chin
    assert emphasis(long).hairline > emphasis(round_).hairline
    assert emphasis(round_).hollow > emphasis(long).hollow


def test_what_is_called_renderable_is_what_renderers_support() -> None:
    layers: list[AnyLayer] = [
        *LAYERS.values(),
        *(Lips(colours=of("#a02030"), finish=finish) for finish in LipFinish),
        *(
            Lips(colours=of("#a02030", "#d07080"), style=style)
            for style in ("ombre", "two_tone", "liner", "stripes")
        ),
        Cheeks(colours=of("#a02030"), style="freckles"),
        Eyes(colours=of("#a02030"), style="glitter"),
        Brows(colours=of("#46362b"), style="none"),
        Base(colours=of("#c08e6c"), style="primer"),
    ]

    assert [is_renderable(layer) for layer in layers] == [renderer_for(layer) is not None for layer in layers]
