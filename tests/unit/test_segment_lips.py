"""Lips that something hides: cloth, fingers and a cup over a portrait, and a profile before a wall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from looks.colour import Swatch
from looks.layer import Lips as LipsLayer
from looks.look import Look
from models.compose import NO_LIPS, LayerStatus
from models.decode import decode
from models.detect.face import FaceDetector
from models.pipeline import Studio
from models.segment.lips import LipMesh
from models.segment.mouth import CHEEKS, FEATURES, INNER, OUTER
from models.types import Array, Box, Face, Photo

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"
CLOTHS = {"white": (232, 232, 235), "blue": (150, 190, 215), "black": (28, 28, 32), "skin": (215, 165, 140)}
MASK = (
    227,
    116,
    118,
    47,
    195,
    277,
    347,
    345,
    447,
    366,
    288,
    379,
    152,
    150,
    58,
    137,
)  # landmarks round a face mask


@pytest.fixture(scope="module")
def portrait() -> Photo:
    return decode(PORTRAIT.read_bytes())


@pytest.fixture(scope="module")
def face(portrait: Photo) -> Iterator[Face]:
    with FaceDetector() as detector:
        yield detector.detect(portrait)[0]


def mouth(face: Face) -> tuple[Array, Array, float]:
    """Its middle, the way to its left corner (unit) and its width in pixels."""
    right, left = face.landmarks[61, :2], face.landmarks[291, :2]
    width = float(np.linalg.norm(left - right))
    return (left + right) / 2, (left - right) / width, width


def covered(photo: Photo, face: Face, colour: tuple[int, int, int]) -> Photo:
    """Cloth from the nose to the chin, with folds and grain."""
    points = face.landmarks[list(MASK), :2].astype(np.int32)
    cloth: Array = np.zeros(photo.size, np.float32)
    cv2.fillPoly(cloth, [cv2.convexHull(points)], (1.0,))
    cloth = cv2.GaussianBlur(cloth, (0, 0), 1.0)[..., None]
    y, x = np.mgrid[: photo.size[0], : photo.size[1]]
    folds = 1 + 0.03 * np.sin(x / 23 + y / 11)[..., None]
    grain = np.random.default_rng(5).normal(0, 2, photo.rgb.shape)
    rgb = photo.rgb * (1 - cloth) + cloth * (np.array(colour) * folds + grain)
    return Photo(np.clip(rgb, 0, 255).astype(np.uint8))


def behind_fingers(photo: Photo, face: Face) -> Photo:
    """Four fingers before the mouth, with dark gaps and painted nails."""
    rgb, (middle, along, width) = photo.rgb.copy(), mouth(face)
    down = np.array([-along[1], along[0]])
    for k in range(4):
        foot = middle + along * width * 0.34 * (k - 1.5)
        tip = foot - down * width * (0.6 + 0.1 * (k % 2))
        for end, thickness, colour in (
            (foot + down * 2 * width, 0.34, (130, 90, 70)),
            (foot + down * 2 * width, 0.29, (214 - 4 * k, 164, 138)),
            (tip + down * 0.2 * width, 0.2, (90, 80, 190)),
        ):
            start, stop = (point.astype(int).tolist() for point in (tip, end))
            cv2.line(rgb, start, stop, colour, int(thickness * width), cv2.LINE_AA)
    return Photo(cv2.GaussianBlur(rgb, (0, 0), 0.7))


def test_a_free_mouth_is_found_in_colour_in_grey_and_in_the_dark(portrait: Photo, face: Face) -> None:
    grey = np.repeat(cv2.cvtColor(portrait.rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=-1)
    dark = (255 * (portrait.rgb / 255) ** 1.6 * 0.7).astype(np.uint8)
    for rgb in (portrait.rgb, grey, dark):
        assert len(LipMesh().segment(Photo(rgb), (face,))) == 1


@pytest.mark.parametrize("colour", CLOTHS.values(), ids=CLOTHS.keys())
def test_cloth_is_not_taken_for_lips(portrait: Photo, face: Face, colour: tuple[int, int, int]) -> None:
    assert LipMesh().segment(covered(portrait, face, colour), (face,)) == ()


def test_fingers_are_not_taken_for_lips(portrait: Photo, face: Face) -> None:
    assert LipMesh().segment(behind_fingers(portrait, face), (face,)) == ()


def test_a_covered_mouth_says_so_and_stays_unpainted(portrait: Photo, face: Face) -> None:
    hidden = covered(portrait, face, CLOTHS["white"])
    look = Look(name="Lips", layers=(LipsLayer(colours=(Swatch.of("#b3122a"),)),))

    (render,) = Studio.load().try_on(hidden, (look,)).renders

    assert render.layers[0].status is LayerStatus.OCCLUDED
    assert render.layers[0].advice == NO_LIPS
    assert np.array_equal(render.rgb, hidden.rgb)


def test_only_the_free_half_of_a_mouth_is_painted(portrait: Photo, face: Face) -> None:
    middle, along, width = mouth(face)
    rgb = portrait.rgb.copy()
    cup = tuple((middle + along * 0.6 * width).astype(int).tolist())
    cv2.circle(rgb, cup, int(0.6 * width), (225, 225, 220), cv2.FILLED, cv2.LINE_AA)

    (whole,) = LipMesh().segment(portrait, (face,))
    (lips,) = LipMesh().segment(Photo(rgb), (face,))

    y, x = np.mgrid[lips.mask.box.y0 : lips.mask.box.y1, lips.mask.box.x0 : lips.mask.box.x1]
    side = (x - middle[0]) * along[0] + (y - middle[1]) * along[1]
    solid = whole.mask.alpha > 200
    kept = lips.mask.alpha / np.maximum(whole.mask.alpha, 1)
    assert kept[solid & (side < -0.1 * width)].mean() > 0.95
    assert kept[solid & (side > 0.15 * width)].mean() < 0.1


SKIN, LIP, LINE, WALL = (224, 178, 156), (178, 92, 96), (70, 36, 38), (120, 132, 150)
EDGE, LEVEL = 120, 150  # of the drawn profile: the wall begins left of the edge; the mouth's line


def profile(overshoot: float) -> tuple[Photo, Face]:
    """A face that looks left before a wall, and a mesh whose far side lies this many pixels too far out."""
    rgb = np.full((300, 400, 3), WALL, np.uint8)
    rgb[:, EDGE:] = SKIN
    right = 220
    t = np.linspace(0, 1, 40)
    height = 26 * (1 - t**2)
    x = EDGE + t * (right - EDGE)
    lips = np.concatenate([np.stack([x, LEVEL - height], -1), np.stack([x, LEVEL + height], -1)[::-1]])
    cv2.fillPoly(rgb, [lips.astype(np.int32)], LIP)
    cv2.line(rgb, (EDGE, LEVEL), (right - 4, LEVEL), LINE, 3)
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = (260, 130)
    points[list(CHEEKS), :2] = (300, 100)
    points[list(FEATURES), :2] = [(240 + 5 * k, 60 + k) for k in range(len(FEATURES))]
    along = np.concatenate([np.linspace(0, 1, 11), np.linspace(1, 0, 11)[1:-1]])
    side = np.concatenate([-np.ones(10), [0], np.ones(9)])
    for ring, tall in ((OUTER, 26), (INNER, 1)):
        points[list(ring), 0] = EDGE - overshoot + along * (right - EDGE + overshoot)
        points[list(ring), 1] = LEVEL + side * tall * np.sqrt(1 - (2 * along - 1) ** 2 * (along > 0.5)) * (
            along > 0
        )
        points[list(ring), 2] = 60 - 120 * along
    return Photo(cv2.GaussianBlur(rgb, (0, 0), 0.8)), Face(points, Box(50, 20, 390, 290), 0.9)


@pytest.mark.parametrize("overshoot", [0, 12, 20])
def test_lips_in_profile_end_where_the_face_ends(overshoot: int) -> None:
    photo, face = profile(overshoot)

    (lips,) = LipMesh().segment(photo, (face,))

    alpha = np.zeros(photo.size, np.uint8)
    alpha[lips.mask.box.slices] = lips.mask.alpha
    assert not alpha[:, : EDGE - 2].any()
    assert alpha[LEVEL - 12, EDGE + 12 : EDGE + 70].min() > 200
