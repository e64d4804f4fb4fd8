"""Faces of known colour and form, and one photograph: what is told of them, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.tone import SIZE, relief
from benchmarks.truth.visage import Face as Visage
from looks.colour import delta_e00, lab_to_linear, linear_to_lab, linear_to_srgb, srgb_to_linear
from looks.person import EyeTilt, FaceShape, Fault, LipBalance, LipFullness, Season, ToneClass, Undertone
from models.analyse.face_shape import SPREAD, USUAL, face_shape
from models.analyse.features import brow_geometry, eye_geometry, lip_shape
from models.analyse.look import look_at_face
from models.analyse.mesh import (
    CHEEKBONES,
    CHIN,
    CHIN_SIDES,
    FOREHEAD,
    JAWS,
    LIP_BOTTOM,
    LIP_SEAM_LOWER,
    LIP_SEAM_UPPER,
    LIP_TOP,
    TEMPLES,
    pose_of,
)
from models.analyse.monk import MONK, distances
from models.analyse.portrait import Portrait, portrait_of
from models.analyse.quality import WORDS
from models.analyse.season import season_of
from models.analyse.skin_tone import BOUNDS, plausible_skins, skin_tone, tone_class
from models.analyse.undertone import LINE_DEG, undertone_of
from models.decode import decode
from models.detect.face import FaceDetector
from models.detect.hands import HandDetector
from models.segment.brows import brow_masks
from models.segment.lips import LipMesh
from models.segment.skin_face import face_skin
from models.types import Array, Box, Face, Hand, Illuminant, Photo, Scan

ASTRONAUT = Path(__file__).parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"
KNOWN = Illuminant((1.0, 1.0, 1.0), 1.0)


@pytest.fixture(scope="module")
def hands() -> Iterator[HandDetector]:
    with HandDetector() as detector:
        yield detector


@pytest.fixture(scope="module")
def detector() -> Iterator[FaceDetector]:
    with FaceDetector() as detector:
        yield detector


@pytest.fixture(scope="module")
def photo() -> Photo:
    return decode(ASTRONAUT.read_bytes())


@pytest.fixture(scope="module")
def face(detector: FaceDetector, photo: Photo) -> Face:
    return detector.detect(photo)[0]


@cache
def mesh() -> Array:
    return relief()


def as_face(points: Array) -> Face:
    low = np.maximum(np.floor(points[:, :2].min(axis=0)), 0).astype(int).tolist()
    high = np.ceil(points[:, :2].max(axis=0)).astype(int).tolist()
    return Face(points.astype(np.float32), Box(*low, *high), 1.0)


def made(tone: int, light: str = "neutral", blood: float = 1.0) -> tuple[Visage, Portrait]:
    """A made face, and what is told of it."""
    visage = Visage(mesh(), (SIZE, SIZE), tone, light, blood)
    portrait = portrait_of(Photo(visage.photo), Scan(faces=(as_face(mesh()),)))
    assert portrait is not None
    return visage, portrait


def lit(rgb: Array, gains: tuple[float, float, float]) -> Photo:
    """The same photo in another light."""
    light = srgb_to_linear(rgb / 255.0) * np.array(gains)
    return Photo(np.round(linear_to_srgb(light) * 255).astype(np.uint8))


def seen(photo: Photo, *faces: Face) -> Portrait:
    portrait = portrait_of(photo, Scan(faces=faces))
    assert portrait is not None
    return portrait


def skin(lightness: float, hue_deg: float, chroma: float) -> Array:
    """Linear light of a Lab colour."""
    hue = np.radians(hue_deg)
    return lab_to_linear(np.array([lightness, chroma * np.cos(hue), chroma * np.sin(hue)]))


# Skin tone


@pytest.mark.parametrize(
    ("angle", "tone"), [(60, "very_light"), (48, "light"), (30, "intermediate"), (20, "tan")]
)
def test_an_angle_has_its_class(angle: float, tone: str) -> None:
    assert tone_class(angle) == tone
    assert [tone_class(bound + 0.01) for bound in BOUNDS] == list(ToneClass)[:5]
    assert tone_class(-31) is ToneClass.DARK


@pytest.mark.parametrize("number", range(1, 11))
def test_each_swatch_of_the_scale_is_nearest_to_itself(number: int) -> None:
    lab = linear_to_lab(
        srgb_to_linear(np.array([int(MONK[number - 1][at : at + 2], 16) for at in (1, 3, 5)]) / 255)
    )
    assert distances(lab).argmin() == number - 1


@pytest.mark.parametrize("tone", range(1, 11))
def test_a_made_face_in_neutral_light_is_told_its_tone(tone: int) -> None:
    visage, portrait = made(tone)
    assert portrait.tone is not None
    truth = linear_to_lab(visage.albedo)
    assert float(delta_e00(np.array(portrait.tone.lab), truth)) < 6
    assert abs(portrait.tone.monk - (distances(truth).argmin() + 1)) <= 1


@pytest.mark.parametrize("light", ["tungsten", "shade"])
def test_the_light_is_taken_out_of_the_skin(light: str) -> None:
    told, blind = [], []
    for tone in (3, 5, 7, 9):
        visage, portrait = made(tone, light)
        assert portrait.tone is not None
        found, truth = np.array(portrait.tone.lab), linear_to_lab(visage.albedo)
        shown = linear_to_lab(lab_to_linear(found) * portrait.illuminant.linear)
        told.append(float(delta_e00(found, truth)))
        blind.append(float(delta_e00(shown, truth)))
    assert np.mean(told) < 0.9 * np.mean(blind)


def test_an_unknown_light_makes_a_tone_less_sure() -> None:
    measured = skin(60, 57, 20)
    sure, unsure = (skin_tone(plausible_skins(measured, Illuminant(confidence=c))) for c in (1.0, 0.0))
    assert sure.ita_error_deg < unsure.ita_error_deg
    assert sure.lab == unsure.lab


# Undertone and season


@pytest.mark.parametrize(
    ("hue", "chroma", "undertone"),
    [
        (40, 22, Undertone.COOL),
        (53, 22, Undertone.NEUTRAL),
        (70, 26, Undertone.WARM),
        (72, 13, Undertone.OLIVE),
    ],
)
def test_an_undertone_is_told_from_hue_and_chroma(hue: float, chroma: float, undertone: Undertone) -> None:
    found = undertone_of(plausible_skins(skin(62, hue, chroma), KNOWN))
    assert found is not None
    assert found.undertone is undertone
    assert sum(found.shares.values()) == pytest.approx(1, abs=0.02)


def test_between_two_undertones_neither_is_sure() -> None:
    middle = undertone_of(plausible_skins(skin(62, LINE_DEG + 5, 22), KNOWN))
    plain = undertone_of(plausible_skins(skin(62, LINE_DEG + 20, 30), KNOWN))
    assert middle is not None
    assert plain is not None
    assert middle.confidence < 0.6 < plain.confidence


def test_deep_skin_is_not_called_cool_for_being_redder() -> None:
    found = undertone_of(plausible_skins(skin(35, 47, 22), KNOWN))
    assert found is not None
    assert found.undertone is Undertone.NEUTRAL


def test_a_photo_without_colour_has_no_undertone(photo: Photo, face: Face) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(photo.rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    portrait = seen(Photo(grey), face)
    assert (portrait.undertone, portrait.season) == (None, None)
    assert Fault.NO_COLOUR in portrait.quality.faults
    assert portrait.tone is not None
    assert portrait.tone.confidence < 0.1


@pytest.mark.parametrize(
    ("warmth", "skin_l", "hair_l", "eyes", "season"),
    [
        (-0.9, 70, 15, (30, 2, 5), Season.COOL_WINTER),
        (0.4, 35, 12, (15, 5, 6), Season.DEEP_AUTUMN),
        (0.4, 82, 68, (60, 0, 8), Season.LIGHT_SPRING),
        (-0.35, 60, 45, (50, 0, 4), Season.SOFT_SUMMER),
    ],
)
def test_a_season_follows_from_warmth_depth_and_contrast(
    warmth: float, skin_l: float, hair_l: float, eyes: tuple[float, ...], season: Season
) -> None:
    found = season_of(
        np.array([skin_l, 12.0, 18.0]),
        warmth,
        hair=np.array([hair_l, 4.0, 8.0]),
        eyes=np.array(eyes, float),
        sure=1.0,
    )
    assert found.season is season


def test_without_hair_and_eyes_a_season_is_less_sure() -> None:
    at = np.array([60.0, 12.0, 18.0])
    whole = season_of(at, 0.8, hair=np.array([25.0, 4.0, 8.0]), eyes=np.array([30.0, 5.0, 9.0]), sure=1.0)
    part = season_of(at, 0.8, hair=None, eyes=None, sure=1.0)
    assert part.confidence < whole.confidence


# Shape and features


def formed(length: float = 0.0, temples: float = 0.0, jaw: float = 0.0, chin: float = 0.0) -> Face:
    """A face whose ratios lie so many spreads from what is usual."""
    wanted = USUAL + SPREAD * np.array([length, temples, jaw, chin])
    points = np.zeros((478, 3))
    points[:, :2] = 250
    points[FOREHEAD, 1], points[CHIN, 1] = 250 - 100 * wanted[0], 250 + 100 * wanted[0]
    for (right, left), width in zip((TEMPLES, JAWS, CHIN_SIDES), wanted[1:], strict=True):
        points[right, 0], points[left, 0] = 250 - 100 * width, 250 + 100 * width
    points[CHEEKBONES[0], 0], points[CHEEKBONES[1], 0] = 150, 350
    return as_face(points)


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ({"length": 0.4}, FaceShape.OVAL),
        ({"length": -1.5, "chin": 0.8}, FaceShape.ROUND),
        ({"length": -0.6, "jaw": 1.8, "chin": 1.0, "temples": 0.6}, FaceShape.SQUARE),
        ({"length": 2.2, "jaw": 0.4}, FaceShape.OBLONG),
        ({"temples": 1.3, "jaw": -1.3, "chin": -1.0}, FaceShape.HEART),
        ({"temples": -1.7, "jaw": -1.0, "chin": -0.8, "length": 0.3}, FaceShape.DIAMOND),
    ],
)
def test_a_form_has_its_name(form: dict[str, float], shape: FaceShape) -> None:
    assert face_shape(formed(**form)).shape is shape


def turned(points: Array, degrees: float) -> Array:
    """A mesh turned about the vertical through its middle."""
    angle, middle = np.radians(degrees), points.mean(axis=0)
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    rotated: Array = (points - middle) @ turn.T + middle
    return rotated


def test_a_turned_head_keeps_its_measures_and_loses_confidence() -> None:
    front, side = (face_shape(as_face(turned(mesh(), angle))) for angle in (0, 35))
    assert side.proportions.length == pytest.approx(front.proportions.length, rel=0.01)
    assert side.confidence < 0.3 * front.confidence


@pytest.mark.parametrize("angle", [-30, -10, 20])
def test_a_turn_is_measured(angle: float) -> None:
    before, after = pose_of(as_face(mesh())), pose_of(as_face(turned(mesh(), angle)))
    assert abs(abs(after.yaw_deg - before.yaw_deg) - abs(angle)) < 1


def lips_of(upper: float, lower: float) -> Face:
    """The made mesh with lips of these heights, of the mouth's width."""
    points = mesh().copy()
    width = float(np.linalg.norm(points[61] - points[291]))
    seam = (points[61] + points[291]) / 2
    for place, height in ((LIP_TOP, -upper), (LIP_SEAM_UPPER, 0), (LIP_SEAM_LOWER, 0), (LIP_BOTTOM, lower)):
        points[place] = seam + np.array([0, height * width, 0])
    return as_face(points)


@pytest.mark.parametrize(
    ("upper", "lower", "fullness", "balance"),
    [
        (0.10, 0.12, LipFullness.FINE, LipBalance.EVEN),
        (0.16, 0.18, LipFullness.MEDIUM, LipBalance.EVEN),
        (0.18, 0.30, LipFullness.FULL, LipBalance.LOWER_FULLER),
        (0.22, 0.17, LipFullness.MEDIUM, LipBalance.UPPER_FULLER),
    ],
)
def test_lips_are_measured(upper: float, lower: float, fullness: LipFullness, balance: LipBalance) -> None:
    found = lip_shape(lips_of(upper, lower))
    assert (found.fullness, found.balance) == (fullness, balance)
    assert found.fullness_ratio == pytest.approx(upper + lower, abs=0.01)


def test_eyes_whose_outer_corners_rise_are_upturned() -> None:
    points = mesh().copy()
    for corner in (33, 263):
        points[corner, 1] -= 8
    assert eye_geometry(as_face(points)).tilt is EyeTilt.UPTURNED
    for corner in (33, 263):
        points[corner, 1] += 18
    assert eye_geometry(as_face(points)).tilt is EyeTilt.DOWNTURNED


def test_brows_that_are_lifted_are_further_away() -> None:
    points = mesh().copy()
    usual = brow_geometry(as_face(points)).distance_ratio
    for place in (52, 282):
        points[place, 1] -= 10
    assert brow_geometry(as_face(points)).distance_ratio > usual + 0.1


# What is seen of a face


def test_skin_leaves_out_eyes_brows_mouth_and_cloth(photo: Photo, face: Face) -> None:
    covered = photo.rgb.copy()
    x, y = face.landmarks[205, :2].astype(int)
    covered[y - 14 : y + 14, x - 14 : x + 14] = (30, 90, 200)
    mask = face_skin(Photo(covered), face)
    assert mask is not None

    def at(place: tuple[float, ...]) -> int:
        return int(mask.alpha[int(place[1]) - mask.box.y0, int(place[0]) - mask.box.x0])

    assert at(face.landmarks[425]) > 200
    for place in (468, 473, 13, 205):
        assert at(face.landmarks[place]) < 60


def test_brows_lie_above_the_eyes(photo: Photo, face: Face) -> None:
    right, left = brow_masks(photo.size, face)
    assert right.box.y1 < face.landmarks[468, 1]
    assert left.box.y1 < face.landmarks[473, 1]
    assert right.box.x1 < left.box.x0


# Advice


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rgb: lit(rgb, (0.03, 0.03, 0.03)).rgb, Fault.TOO_DARK),
        (lambda rgb: lit(rgb, (3.0, 3.0, 3.0)).rgb, Fault.TOO_BRIGHT),
        (lambda rgb: cv2.GaussianBlur(rgb, (0, 0), 3.0), Fault.BLURRED),
        (lambda rgb: lit(rgb, (1.35, 0.95, 0.45)).rgb, Fault.COLOURED_LIGHT),
    ],
)
def test_a_poor_photo_is_told_what_to_do(photo: Photo, face: Face, change: object, fault: Fault) -> None:
    quality = seen(Photo(change(photo.rgb)), face).quality  # type: ignore[operator]
    assert fault in quality.faults
    assert WORDS[fault] in quality.advice


def test_a_good_photo_needs_no_other(photo: Photo, face: Face) -> None:
    assert seen(photo, face).quality.faults == ()


def test_deep_skin_in_good_light_is_not_called_dark() -> None:
    _, portrait = made(10)
    assert Fault.TOO_DARK not in portrait.quality.faults


def test_a_small_face_and_a_second_one_are_told(photo: Photo, face: Face) -> None:
    small = cv2.resize(photo.rgb, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    far = as_face(face.landmarks.astype(float) * 0.4)
    beside = replace(far, landmarks=far.landmarks + np.float32(1))
    faults = seen(Photo(small), far, beside).quality.faults
    assert {Fault.TOO_SMALL, Fault.SEVERAL_FACES} <= set(faults)


def test_light_from_one_side_is_told(photo: Photo, face: Face) -> None:
    middle = int(face.landmarks[4, 0])
    half = photo.rgb.copy()
    half[:, :middle] = lit(half[:, :middle], (0.2, 0.2, 0.2)).rgb
    assert Fault.UNEVEN_LIGHT in seen(Photo(half), face).quality.faults


# The whole way


def test_the_astronaut_is_told_plausibly(hands: HandDetector, detector: FaceDetector, photo: Photo) -> None:
    scan, portrait = look_at_face(hands, detector, LipMesh(), photo, Scan())
    assert scan.faces
    assert scan.lips
    assert portrait is not None
    assert portrait.tone is not None
    assert portrait.undertone is not None
    assert portrait.tone.tone in (ToneClass.LIGHT, ToneClass.VERY_LIGHT)
    assert portrait.undertone.undertone in (Undertone.WARM, Undertone.NEUTRAL, Undertone.OLIVE)
    assert abs(portrait.quality.pose.yaw_deg) < 10
    assert portrait.colouring.lips is not None
    assert portrait.colouring.lips[1] > portrait.tone.lab[1] + 5


def test_a_photo_without_a_face_tells_nothing(hands: HandDetector, detector: FaceDetector) -> None:
    wall = Photo(np.full((200, 200, 3), 180, np.uint8))
    scan, portrait = look_at_face(hands, detector, LipMesh(), wall, Scan())
    assert (scan.faces, portrait) == ((), None)


def test_what_is_known_is_not_looked_for_again(photo: Photo, face: Face) -> None:
    class Nobody:
        def detect(self, photo: Photo) -> tuple[Any, ...]:  # noqa: ARG002
            raise AssertionError

        def over(self, photo: Photo, boxes: Sequence[Box]) -> tuple[Hand, ...]:  # noqa: ARG002
            raise AssertionError

    known = Scan(faces=(face,), lips=())
    scan, portrait = look_at_face(Nobody(), Nobody(), LipMesh(), photo, known)
    assert scan is known
    assert portrait is not None
    assert Fault.COVERED in portrait.quality.faults
