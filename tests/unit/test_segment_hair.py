"""Hair of heads: where the net looks, whose hair it is, the matte, and the whole on a portrait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from lab.hair import shapes, strands
from lab.hair.shapes import Head
from models.decode import decode
from models.detect.face import FaceDetector
from models.detect.square import Square
from models.segment.hair import HairSegmenter
from models.segment.hair.frame import SIDE, drawn, from_photo, head
from models.segment.hair.heads import of_head
from models.segment.hair.matte import matte
from models.types import Array, Face, Hair, Photo

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"


@pytest.fixture(scope="module")
def detector() -> Iterator[FaceDetector]:
    with FaceDetector() as loaded:
        yield loaded


@pytest.fixture(scope="module")
def segmenter() -> HairSegmenter:
    return HairSegmenter.load()


@pytest.fixture(scope="module")
def portrait() -> Photo:
    return decode(PORTRAIT.read_bytes())


@pytest.fixture(scope="module")
def face(detector: FaceDetector, portrait: Photo) -> Face:
    return detector.detect(portrait)[0]


def whole(photo: Photo, hair: Hair) -> Array:
    """Alpha of the whole photo, (h, w) float64 in [0, 1]."""
    alpha = np.zeros(photo.size)
    alpha[hair.mask.box.slices] = hair.mask.alpha / 255
    return alpha


def disc(side: int, x: float, y: float, radius: float) -> Array:
    rows, cols = np.mgrid[:side, :side]
    inside: Array = np.hypot(cols - x, rows - y) < radius
    return inside


def test_the_frame_of_a_crownstays_inside_the_photo_and_holds_the_face(portrait: Photo, face: Face) -> None:
    square = head(face.landmarks, portrait.size)

    corners = square.place(np.array([(0.0, 0.0), (1.0, 1.0)]))
    assert square.side <= max(portrait.size)
    assert corners.min() >= -1e-6
    to_square = from_photo(square, 1)
    placed = face.landmarks[:, :2] @ to_square[:, :2].T + to_square[:, 2]
    assert 0 < placed.min() < placed.max() < 1


def test_a_crownon_its_side_is_shown_upright(portrait: Photo, face: Face) -> None:
    height, width = portrait.size
    turned = np.stack([height - face.landmarks[:, 1], face.landmarks[:, 0]], -1)

    square = head(turned, (width, height))

    assert square.angle == pytest.approx(np.pi / 2, abs=0.35)


def test_a_drawn_face_shows_its_eyes(portrait: Photo, face: Face) -> None:
    square = head(face.landmarks, portrait.size)
    picture = drawn([face.landmarks], from_photo(square, SIDE), SIDE)

    assert set(np.unique(picture)) >= {0, 128, 255}
    assert drawn([], np.eye(2, 3), 64).max() == 0


def people(*middles: float) -> list[Array]:
    """Faces of 40 pixels at these columns, as far as hair needs them."""
    heads = []
    for middle in middles:
        landmarks = np.full((478, 2), (middle, 100.0))
        turn = np.linspace(0, 2 * np.pi, 478, endpoint=False)
        landmarks += 20 * np.stack([np.sin(turn), np.cos(turn)], -1)
        landmarks[10], landmarks[152] = (middle, 80), (middle, 120)
        heads.append(landmarks)
    return heads


def test_hair_goes_to_the_nearest_head() -> None:
    both = (disc(256, 70, 75, 25) | disc(256, 190, 75, 25)).astype(np.float32)

    left = of_head(both, people(70, 190), 0)

    assert left[75, 70] == 1
    assert left[:, 128:].max() == 0


def test_hair_that_touches_is_cut_between_two_heads() -> None:
    both = np.zeros((256, 256), np.float32)
    both[60:80, 40:220] = 1

    left, right = (of_head(both, people(70, 190), own) for own in (0, 1))

    assert left[70, 60] == right[70, 200] == 1
    assert not ((left > 0) & (right > 0)).any()


def test_hair_far_from_every_face_is_left() -> None:
    far = disc(256, 230, 40, 15).astype(np.float32)

    assert of_head(far, people(60), 0).max() == 0


def test_specks_are_no_hair() -> None:
    assert of_head(disc(256, 70, 75, 1.5).astype(np.float32), people(70), 0).max() == 0


def test_the_matte_follows_the_photos_edge_where_the_coarse_map_is_rough() -> None:
    truth = disc(400, 200, 200, 90)
    rgb = np.where(truth[..., None], (40, 28, 20), (190, 200, 210)).astype(np.uint8)
    rough = cv2.GaussianBlur(disc(64, 32.5, 31.5, 15).astype(np.float32), (0, 0), 1.5)

    found = matte(rgb, rough, Square(200, 200, 400))

    assert found is not None
    alpha = np.zeros((400, 400))
    alpha[found.box.slices] = found.alpha / 255
    assert np.abs(alpha - truth).mean() < 0.015
    assert alpha[200, 200] == 1
    assert alpha[5, 5] == 0


def test_the_matte_keeps_single_strands() -> None:
    rgb = np.full((400, 400, 3), 215, np.uint8)
    truth = disc(400, 200, 200, 90)
    rgb[truth] = (30, 24, 20)
    cv2.line(rgb, (288, 200), (298, 190), (30, 24, 20), 2)
    rough = cv2.GaussianBlur(disc(64, 32, 32, 15).astype(np.float32), (0, 0), 1.5)

    found = matte(rgb, rough, Square(200, 200, 400))

    assert found is not None
    alpha = np.zeros((400, 400))
    alpha[found.box.slices] = found.alpha / 255
    assert alpha[192, 296] > alpha[206, 298] + 0.3


def test_no_probability_gives_no_matte() -> None:
    assert matte(np.zeros((50, 50, 3), np.uint8), np.zeros((64, 64), np.float32), Square(25, 25, 50)) is None


def test_a_portraits_hair_is_found_beside_the_face(
    segmenter: HairSegmenter, portrait: Photo, face: Face
) -> None:
    (hair,) = segmenter.segment(portrait, (face,))

    alpha = whole(portrait, hair)
    x, y = face.landmarks[:, :2].mean(0).astype(int)
    size = max(face.box.shape)
    oval = np.zeros(portrait.size, np.uint8)
    cv2.circle(oval, (int(x), int(y)), int(0.25 * size), (1,), -1)
    assert hair.face == 0
    assert hair.confidence > 0.7
    assert alpha[oval > 0].mean() < 0.03
    assert 0.15 < alpha.sum() / size**2 < 3
    assert alpha[face.box.y0 - size // 5 : face.box.y0, x].mean() > 0.5


def test_a_mirrored_portrait_has_the_same_hair_mirrored(
    segmenter: HairSegmenter, detector: FaceDetector, portrait: Photo, face: Face
) -> None:
    mirrored = Photo(np.ascontiguousarray(portrait.rgb[:, ::-1]))

    (hair,) = segmenter.segment(portrait, (face,))
    (other,) = segmenter.segment(mirrored, detector.detect(mirrored)[:1])

    assert np.abs(whole(portrait, hair) - whole(mirrored, other)[:, ::-1]).mean() < 0.02


def test_each_of_two_people_has_hair_of_their_own(
    segmenter: HairSegmenter, detector: FaceDetector, portrait: Photo
) -> None:
    pair = Photo(np.hstack([portrait.rgb, portrait.rgb]))
    faces = detector.detect(pair)
    assert len(faces) == 2

    first, second = segmenter.segment(pair, faces)

    assert (first.face, second.face) == (0, 1)
    for hair in (first, second):
        middle = faces[hair.face or 0].landmarks[:, 0].mean()
        columns = np.nonzero(whole(pair, hair).max(0) > 0.5)[0]
        assert abs(columns.mean() - middle) < 0.3 * portrait.size[1]


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_even_picture_has_no_hair(segmenter: HairSegmenter, value: int) -> None:
    assert segmenter.segment(Photo(np.full((300, 400, 3), value, np.uint8)), ()) == ()


@pytest.mark.parametrize("name", ["open_04_right", "open_01_left", "curled_06_left", "together_04_left"])
def test_a_hand_has_no_hair(segmenter: HairSegmenter, name: str) -> None:
    hand = decode((PORTRAIT.parents[1] / "hands" / f"{name}.jpg").read_bytes())

    assert segmenter.segment(hand, ()) == ()


@pytest.fixture(scope="module")
def turned_away(portrait: Photo, face: Face) -> Photo:
    """The portrait with long hair drawn over the whole head, as it is seen from behind."""
    side = 384
    square = head(face.landmarks, portrait.size)
    to_square = from_photo(square, side)
    rgb = cv2.warpAffine(portrait.rgb, to_square, (side, side))
    marks = (face.landmarks[:, :2] @ to_square[:, :2].T + to_square[:, 2]).astype(np.float32)
    rng = np.random.default_rng(8)
    crown = Head.of(marks)
    cover = shapes.behind(crown, side, rng)
    fall = strands.tiles(1, rng)[0][:, :, None].astype(np.float32) / 128
    paint = np.clip(cv2.resize(fall, (side, side))[..., None] * (92, 62, 42), 0, 255)
    share = cv2.GaussianBlur(cover, (0, 0), 1.5)[..., None] / 255
    return Photo((rgb + share * (paint - rgb)).astype(np.uint8))


def test_hair_from_behind_belongs_to_no_face(segmenter: HairSegmenter, turned_away: Photo) -> None:
    (hair,) = segmenter.segment(turned_away, ())

    assert hair.face is None
    assert whole(turned_away, hair).mean() > 0.05


def test_somebody_behind_with_a_small_face_does_not_hide_a_crownfrom_behind(
    segmenter: HairSegmenter, detector: FaceDetector, turned_away: Photo, portrait: Photo
) -> None:
    wide = np.full((384, 560, 3), 150, np.uint8)
    wide[:, :384] = turned_away.rgb
    wide[20:148, 420:548] = cv2.resize(portrait.rgb[:512, :512], (128, 128), interpolation=cv2.INTER_AREA)
    photo = Photo(wide)
    faces = detector.detect(photo)
    assert len(faces) == 1

    found = segmenter.segment(photo, faces)

    assert [hair.face for hair in found] == [0, None]
    columns = np.nonzero(whole(photo, found[1]).max(0) > 0.5)[0]
    assert columns.max() < 400


def test_a_tiny_photo_is_no_failure(segmenter: HairSegmenter) -> None:
    assert segmenter.segment(Photo(np.zeros((2, 3, 3), np.uint8)), ()) == ()
