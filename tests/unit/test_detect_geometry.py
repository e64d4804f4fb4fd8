"""Squares, crops, boxes and the second look, on numbers that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import cv2
import numpy as np
import pytest

from models.detect.settle import Nudged, Reading, around, settle, steady
from models.detect.square import Pyramid, Square
from models.detect.ssd import anchors, groups, overlap
from models.types import Array

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def ramp(height: int, width: int) -> Array:
    """(height, width, 3) uint8 whose red is x / 8 and whose green is y / 8."""
    y, x = np.mgrid[:height, :width] + 0.5
    return np.dstack([x / 8, y / 8, np.zeros_like(x)]).round().astype(np.uint8)


def test_a_square_turned_clockwise_has_its_top_to_the_right() -> None:
    placed = Square(100, 50, 20, pi / 2).place(CORNERS)

    assert np.allclose(placed, [[110, 40], [110, 60], [90, 60], [90, 40]])


def test_depth_is_scaled_with_the_square() -> None:
    assert Square(0, 0, 30).place(np.array([[0.5, 0.5, 0.1]]))[0] == pytest.approx([0, 0, 3])


@pytest.mark.parametrize("side", [64, 1000, 1900])
@pytest.mark.parametrize("angle", [0.0, 0.7, -2.0])
def test_a_crop_shows_each_place_where_place_says(side: int, angle: float) -> None:
    photo, square = Pyramid(ramp(2000, 2000)), Square(1000, 1000, side * 0.7, angle)

    crop = photo.crop(square, 100, border=cv2.BORDER_REPLICATE)

    y, x = np.mgrid[:100, :100] + 0.5
    placed = square.place(np.column_stack([x.ravel(), y.ravel()]) / 100).reshape(100, 100, 2)
    assert np.abs(crop[..., :2] - placed / 8).max() < 1.1


def test_outside_the_photo_a_crop_is_black_or_repeats_the_edge() -> None:
    photo, beyond = Pyramid(np.full((50, 50, 3), 90, np.uint8)), Square(-200, 25, 20)

    assert photo.crop(beyond, 8, border=cv2.BORDER_CONSTANT).max() == 0
    assert photo.crop(beyond, 8, border=cv2.BORDER_REPLICATE).min() == 90


def test_around_is_the_smallest_turned_square_that_holds_the_points() -> None:
    square = Square(40, 30, 10, 0.4)

    found = around(square.place(CORNERS), 0.4, 1.5)

    assert (found.x, found.y, found.side) == pytest.approx((40, 30, 15))


def test_anchors_run_row_by_row_in_each_grid() -> None:
    expected = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75], [0.5, 0.5], [0.5, 0.5]]

    assert anchors((2, 1), (1, 2)).tolist() == expected


def test_overlapping_boxes_form_a_group_led_by_the_best() -> None:
    boxes = np.array([[0.5, 0.5, 0.2, 0.2], [0.9, 0.9, 0.1, 0.1], [0.52, 0.5, 0.2, 0.2]])

    assert overlap(boxes[0], boxes).tolist() == pytest.approx([1, 0, 0.18 / 0.22])
    assert [group.tolist() for group in groups(boxes, np.array([0.6, 0.7, 0.9]))] == [[2, 0], [1]]


def reader(shift: float, presence: float) -> Callable[[Square], Reading]:
    """A network that sees its corners, each time pushed by `shift` of the square."""
    return lambda square: Reading(square.place(CORNERS + shift), presence)


def whole(landmarks: Array) -> Square:
    return around(landmarks, 0.0, 1.0)


def test_what_stays_is_believed_and_what_wanders_or_is_absent_is_not() -> None:
    start = Square(50, 50, 20)

    still = settle(reader(0.0, 0.9), whole, start, grown=1.0, drift=0.01)
    wandering = settle(reader(0.05, 0.9), whole, start, grown=1.0, drift=0.01)
    absent = settle(reader(0.0, 0.4), whole, start, grown=1.0, drift=0.01)

    assert still is not None
    assert np.allclose(still.landmarks, start.place(CORNERS))
    assert (wandering, absent) == (None, None)


def test_a_thing_that_follows_the_crop_is_not_steady() -> None:
    least = Nudged(presence=0.8, drift=0.1, grown=1.0)
    fixed = Reading(Square(50, 50, 20).place(CORNERS), 0.9)

    assert steady(lambda _: fixed, whole, fixed, least)
    assert not steady(reader(0.0, 0.9), whole, fixed, least)
    assert not steady(lambda _: Reading(fixed.landmarks, 0.7), whole, fixed, least)
