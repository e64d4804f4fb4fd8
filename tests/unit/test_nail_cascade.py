"""The nets for nails on one of our own hands: whose finger each nail is, which way it points, how sure it is."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from looks.finger import Finger
from models.decode import decode
from models.detect.hands import HandDetector
from models.manifest import weight
from models.segment.nails import NailCascade
from models.segment.nails.edges import cuticle_line, free_edge
from models.segment.nails.frame import Frame
from models.segment.nails.propose import Proposals
from models.segment.nails.refine import Refiner
from models.types import Array, Box, Hand, Nail, Photo
from tests.golden.cases import SAMPLES

WRIST = 0


@pytest.fixture(scope="module")
def photo() -> Photo:
    image = json.loads((SAMPLES / "index.json").read_text())["samples"]["open_04_right"]["image"]
    return decode((SAMPLES / image).read_bytes())


@pytest.fixture(scope="module")
def hands(photo: Photo) -> tuple[Hand, ...]:
    with HandDetector() as detector:
        return detector.detect(photo)


@pytest.fixture(scope="module")
def cascade() -> NailCascade:
    return NailCascade()


@pytest.fixture(scope="module")
def nails(cascade: NailCascade, photo: Photo, hands: tuple[Hand, ...]) -> tuple[Nail, ...]:
    return cascade.segment(photo, hands)


def test_nails_of_a_seen_hand_are_named_in_the_order_of_its_fingers(nails: tuple[Nail, ...]) -> None:
    named = [nail.finger for nail in nails if nail.finger is not None]
    assert len(named) >= 4
    assert named == [finger for finger in Finger if finger in named]


def test_without_hands_the_same_nails_are_found_and_have_no_name(
    cascade: NailCascade, photo: Photo, nails: tuple[Nail, ...]
) -> None:
    alone = cascade.segment(photo, ())
    assert len(alone) >= len([nail for nail in nails if nail.finger]) - 1
    assert {(nail.hand, nail.finger) for nail in alone} == {(None, None)}


def test_a_nails_axis_leads_away_from_the_wrist(nails: tuple[Nail, ...], hands: tuple[Hand, ...]) -> None:
    wrist = hands[0].landmarks[WRIST, :2]
    for nail in nails:
        if nail.finger not in (None, Finger.THUMB):
            cuticle, edge = (float(np.linalg.norm(point - wrist)) for point in nail.axis)
            assert edge > cuticle


def test_a_nail_is_bounded_by_its_cuticle_line_and_its_free_edge(nails: tuple[Nail, ...]) -> None:
    for nail in nails:
        cuticle, edge = nail.axis.astype(float)
        ahead = (edge - cuticle) / np.linalg.norm(edge - cuticle)
        right = np.array([-ahead[1], ahead[0]])
        lines = cuticle_line(nail), free_edge(nail)
        places = [np.median((line - cuticle) @ ahead) for line in lines]
        assert places[1] - places[0] > 0.6 * np.linalg.norm(edge - cuticle)
        for line in lines:
            assert (np.diff(line @ right) >= 0).all()


def test_a_magnified_outline_has_no_teeth(nails: tuple[Nail, ...], photo: Photo) -> None:
    """Five times enlarged, it keeps within a pixel of its running mean, and its edge within four pixels."""
    large = Photo(cv2.resize(photo.rgb, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC))
    refiner = Refiner(weight("nail_refiner").read())
    for nail in nails[:2]:
        middle = (nail.axis.mean(axis=0) + 0.5) * 5
        ahead = nail.axis[1] - nail.axis[0]
        frame = Frame(
            *map(float, middle), 11.0 * float(np.linalg.norm(ahead)), float(np.arctan2(*ahead[::-1]))
        )
        (found,) = refiner.refine(large.rgb, [frame])
        assert found is not None
        inside = cv2.copyMakeBorder((found.alpha > 0.5).astype(np.uint8), 9, 9, 9, 9, cv2.BORDER_CONSTANT)
        outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(outlines, key=len)[:, 0].astype(float)
        around = np.concatenate([outline[-4:], outline, outline[:4]])
        smooth = np.stack([np.convolve(around[:, i], np.ones(9) / 9, "valid") for i in (0, 1)], axis=1)
        assert np.percentile(np.linalg.norm(outline - smooth, axis=1), 95) < 0.7
        assert ((found.alpha > 0.05) & (found.alpha < 0.95)).sum() < 4 * len(outline)


@pytest.mark.parametrize("place", [(-300, 200), (900, 200), (200, 900)])
def test_a_frame_beside_the_photo_shows_no_nail(place: tuple[int, int]) -> None:
    refiner = Refiner(weight("nail_refiner").read())
    rgb = np.full((400, 400, 3), 180, np.uint8)
    (found,) = refiner.refine(rgb, [Frame(*place, 80.0, 0.0)])
    assert found is None or (found.box.x1 <= 400 and found.box.y1 <= 400)


def test_the_picture_supports_a_nail_by_its_mean_probability_under_the_mask() -> None:
    probability: Array = np.zeros((10, 20), np.float32)
    probability[:, 10:] = 0.8
    seen = Proposals((), probability, (100, 200))
    inside, beside = Box(120, 20, 160, 60), Box(20, 20, 60, 60)
    whole = np.ones((40, 40), np.float32)
    assert seen.support(whole, inside) == pytest.approx(0.8)
    assert seen.support(whole, beside) == 0
    assert seen.support(whole, Box(80, 20, 120, 60)) == pytest.approx(0.4)
