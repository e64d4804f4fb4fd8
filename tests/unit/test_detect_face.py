"""Faces in a drawing, of which we know where the mouth and the eyes are."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from models.detect.face import FaceDetector
from models.types import Array, Photo

LEFT_EYE, RIGHT_EYE, UPPER_LIP, LOWER_LIP, MOUTH_LEFT, MOUTH_RIGHT = 468, 473, 0, 17, 61, 291


@pytest.fixture(scope="module")
def detector() -> Iterator[FaceDetector]:
    with FaceDetector() as loaded:
        yield loaded


def drawn_face() -> Array:
    """A (400, 400, 3) cartoon; eyes at (164, 188) and (236, 188), mouth (200, 270) and 34 pixels to each side."""
    skin, hair, dark, lips = (228, 180, 154), (60, 42, 34), (40, 25, 20), (180, 80, 85)
    rgb = np.full((400, 400, 3), (205, 214, 220), np.uint8)

    def disc(x: int, y: int, a: int, b: int, colour: tuple[int, int, int]) -> None:
        cv2.ellipse(rgb, (200 + x, 200 + y), (a, b), 0, 0, 360, colour, cv2.FILLED, cv2.LINE_AA)

    def arc(x: int, y: int, a: int, b: int, first: int, last: int, width: int) -> None:
        cv2.ellipse(rgb, (200 + x, 200 + y), (a, b), 0, first, last, dark, width, cv2.LINE_AA)

    disc(0, -20, 112, 140, hair)
    disc(0, 130, 60, 70, (214, 164, 138))
    disc(0, 230, 170, 90, (60, 80, 120))
    disc(0, 10, 88, 118, skin)
    disc(0, -95, 92, 40, hair)
    for side in (-1, 1):
        disc(36 * side, -12, 20, 10, (250, 248, 245))
        disc(36 * side, -12, 9, 9, (70, 50, 40))
        disc(36 * side, -12, 4, 4, (10, 10, 10))
        disc(88 * side, 0, 12, 24, (216, 166, 140))
        disc(9 * side, 38, 6, 4, (180, 125, 105))
        arc(36 * side, -14, 22, 12, 190, 350, 3)
        arc(36 * side, -38, 26, 8, 190, 350, 6)
    disc(0, 70, 34, 12, lips)
    disc(0, 70, 30, 2, (110, 40, 45))
    return cv2.GaussianBlur(rgb, (0, 0), 1.2)


def test_a_face_is_found_with_eyes_and_mouth_in_place(detector: FaceDetector) -> None:
    (face,) = detector.detect(Photo(drawn_face()))

    points = face.landmarks[[LEFT_EYE, RIGHT_EYE, UPPER_LIP, LOWER_LIP, MOUTH_LEFT, MOUTH_RIGHT], :2]
    drawn = [(164, 188), (236, 188), (200, 258), (200, 282), (166, 270), (234, 270)]
    assert face.landmarks.shape == (478, 3)
    assert np.abs(points - drawn).max() < 8
    assert face.box.x0 < 166 < 234 < face.box.x1
    assert face.box.y0 < 188 < 282 < face.box.y1


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_face_on_its_side_or_head_is_found_upright_in_itself(detector: FaceDetector, quarters: int) -> None:
    rgb = drawn_face()
    (upright,) = detector.detect(Photo(rgb))
    (turned,) = detector.detect(Photo(np.rot90(rgb, quarters)))

    x, y = turned.landmarks[:, 0], turned.landmarks[:, 1]
    back = {1: (400 - y, x), 2: (400 - x, 400 - y), 3: (y, 400 - x)}[quarters]
    assert np.abs(np.column_stack(back) - upright.landmarks[:, :2]).max() < 8


def test_several_faces_are_found_where_they_are(detector: FaceDetector) -> None:
    faces = detector.detect(Photo(np.tile(drawn_face(), (2, 3, 1))))

    middles = {tuple(map(int, face.landmarks[:, :2].mean(axis=0) // 400)) for face in faces}
    assert len(faces) == 6
    assert middles == {(x, y) for x in range(3) for y in range(2)}


def test_a_small_face_in_a_large_photo_is_found(detector: FaceDetector) -> None:
    photo = np.full((1800, 2400, 3), (205, 214, 220), np.uint8)
    photo[1500:1660, 2100:2260] = cv2.resize(drawn_face(), (160, 160), interpolation=cv2.INTER_AREA)

    (face,) = detector.detect(Photo(photo))

    assert 2100 < face.box.x0 < face.box.x1 < 2260
    assert 1500 < face.box.y0 < face.box.y1 < 1660


def test_the_box_of_a_face_at_the_edge_stays_inside(detector: FaceDetector) -> None:
    (face,) = detector.detect(Photo(np.ascontiguousarray(drawn_face()[:, 130:])))

    assert face.box.x0 == 0
    assert face.landmarks[:, 0].min() < 0


def test_nothing_is_found_where_there_is_no_face(detector: FaceDetector) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (480, 640, 3), dtype=np.uint8)

    for rgb in (
        np.zeros((64, 64, 3), np.uint8),
        noise,
        drawn_face()[300:],
        np.full((900, 1, 3), 90, np.uint8),
    ):
        assert detector.detect(Photo(np.ascontiguousarray(rgb))) == ()
