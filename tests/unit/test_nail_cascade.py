"""The nets for nails on one of our own hands: whose finger each nail is, which way it points, how sure it is."""

from __future__ import annotations

import json

import numpy as np
import pytest

from looks.finger import Finger
from models.decode import decode
from models.detect.hands import HandDetector
from models.segment.nails import NailCascade
from models.segment.nails.propose import Proposals
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


def test_the_picture_supports_a_nail_by_its_mean_probability_under_the_mask() -> None:
    probability: Array = np.zeros((10, 20), np.float32)
    probability[:, 10:] = 0.8
    seen = Proposals((), (probability,), (100, 200))
    inside, beside = Box(120, 20, 160, 60), Box(20, 20, 60, 60)
    whole = np.ones((40, 40), np.float32)
    assert seen.support(whole, inside) == pytest.approx(0.8)
    assert seen.support(whole, beside) == 0
    assert seen.support(whole, Box(80, 20, 120, 60)) == pytest.approx(0.4)
