"""Hands in the committed sample pictures, whose truth is known: they were drawn by a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from looks.finger import HandName, HandSide
from models.decode import decode
from models.detect.hands import HandDetector
from models.types import Array, Photo

SAMPLES = Path(__file__).parents[2] / "assets" / "samples" / "hands"
TIPS = [4, 8, 12, 16, 20]


@pytest.fixture(scope="module")
def detector() -> Iterator[HandDetector]:
    with HandDetector() as loaded:
        yield loaded


def sample(name: str) -> Array:
    return decode((SAMPLES / f"{name}.jpg").read_bytes()).rgb


def truth() -> dict[str, Any]:
    samples: dict[str, Any] = json.loads((SAMPLES / "index.json").read_text("utf-8"))["samples"]
    return samples


def span(landmarks: Array) -> float:
    return float(np.ptp(landmarks[:, :2], axis=0).max())


def test_every_open_hand_is_found_once_with_its_name_side_and_fingers(detector: HandDetector) -> None:
    shown = {name: row for name, row in truth().items() if row["pose"] == "open" and row["side"] == "dorsal"}
    wrong = []
    for name, row in shown.items():
        hands = detector.detect(Photo(sample(name)))
        drawn = {(each["hand"], each["side"]): each for each in row["hands"]}
        if sorted((hand.name, hand.side) for hand in hands) != sorted(drawn):
            wrong.append((name, "hands", [(hand.name, hand.side) for hand in hands]))
            continue
        for hand in hands:
            true = drawn[hand.name, hand.side]
            steps = np.linalg.norm(hand.landmarks[TIPS, None, :2] - np.array(true["tips"])[None], axis=-1)
            if steps.argmin(axis=1).tolist() != [0, 1, 2, 3, 4] or steps.diagonal().max() > true["finger_px"]:
                wrong.append((name, "tips", steps.diagonal().round().tolist()))

    assert len(shown) >= 8
    assert wrong == []


def test_the_mirrored_picture_shows_the_other_hand_from_the_same_side(detector: HandDetector) -> None:
    (hand,) = detector.detect(Photo(np.ascontiguousarray(sample("open_01_left")[:, ::-1])))

    assert (hand.name, hand.side) == (HandName.RIGHT, HandSide.DORSAL)


@pytest.mark.parametrize("angle", [45, 90, 160, 180, 270])
def test_a_turned_hand_is_found_with_its_landmarks_turned(detector: HandDetector, angle: int) -> None:
    rgb = sample("open_01_left")
    (upright,) = detector.detect(Photo(rgb))
    height, width = rgb.shape[:2]
    turn: Array = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.6)
    turn[:, 2] += [900 - width / 2, 900 - height / 2]

    turned = cv2.warpAffine(rgb, turn, (1800, 1800), borderMode=cv2.BORDER_REPLICATE)
    (hand,) = detector.detect(Photo(turned))

    expected = upright.landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
    assert (hand.name, hand.side) == (upright.name, upright.side)
    assert np.hypot(*(hand.landmarks[:, :2] - expected).T).max() < 0.05 * span(hand.landmarks)


def test_a_small_hand_in_a_large_photo_is_found(detector: HandDetector) -> None:
    photo = np.full((2400, 3200, 3), (120, 130, 140), np.uint8)
    small = cv2.resize(sample("open_01_left"), (270, 360), interpolation=cv2.INTER_AREA)
    photo[1900:2260, 2700:2970] = small

    (hand,) = detector.detect(Photo(photo))

    assert (hand.landmarks[:, :2] > (2690, 1890)).all()
    assert (hand.landmarks[:, :2] < (2980, 2270)).all()


def test_a_hand_that_fills_the_frame_is_found(detector: HandDetector) -> None:
    rgb = sample("open_01_left")
    (whole,) = detector.detect(Photo(rgb))
    (x0, y0), (x1, y1) = whole.landmarks[:, :2].min(axis=0), whole.landmarks[:, :2].max(axis=0)

    tight = rgb[max(int(y0) - 20, 0) : int(y1) + 20, max(int(x0) - 20, 0) : int(x1) + 20]
    (hand,) = detector.detect(Photo(np.ascontiguousarray(tight)))

    assert (hand.name, hand.side) == (whole.name, whole.side)


def test_both_hands_of_a_photo_are_found(detector: HandDetector) -> None:
    left, right = sample("open_01_left"), sample("open_04_right")

    hands = detector.detect(Photo(np.concatenate([left, right], axis=1)))

    places = {hand.name: hand.landmarks[:, 0].mean() for hand in hands}
    assert len(hands) == 2
    assert places[HandName.LEFT] < left.shape[1] < places[HandName.RIGHT]


def test_landmarks_follow_a_shift_of_the_photo_closely(detector: HandDetector) -> None:
    rgb = sample("open_01_left")
    (hand,) = detector.detect(Photo(rgb))

    moved = cv2.copyMakeBorder(rgb, 37, 37, 37, 37, cv2.BORDER_REPLICATE)
    (again,) = detector.detect(Photo(moved))

    step = again.landmarks[:, :2] - hand.landmarks[:, :2] - 37
    assert np.abs(step.mean(axis=0)).max() < 0.005 * span(hand.landmarks)


def test_nothing_is_found_where_there_is_no_hand(detector: HandDetector) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    wood = sample("open_01_left")[:120, :120]

    for rgb in (np.zeros((64, 64, 3), np.uint8), noise, wood, np.full((1, 900, 3), 200, np.uint8)):
        assert detector.detect(Photo(np.ascontiguousarray(rgb))) == ()
