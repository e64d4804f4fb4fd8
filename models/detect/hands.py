"""Find hands: a palm detector over the photo in several turns, then 21 points in each of its boxes.

Left or right comes from the landmark network, which judges by looks and is right for both sides of a hand;
the side that faces the camera follows from it and from the way the knuckles run around the wrist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import pi
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from looks.finger import HandName, HandSide
from models.detect.net import Net, each_tensor
from models.detect.settle import Nudged, Reading, around, settle, steady, tilt
from models.detect.square import Pyramid, Square
from models.detect.ssd import Detector, Proposal, anchors
from models.types import Array, Box, Hand, Photo

PROPOSED = 0.3  # palm score worth a look; the landmarks decide
DRIFT = 0.02  # of the hand's size, between two readings
GROWN = 2.0  # of the landmark crop around the knuckles, as the network was trained
PALM_GROWN = 2.6  # of the same crop around a detected palm
SURE = 0.97  # presence that needs no further proof: 1 foot in 80 reaches it, 85 hands in 105
STEADY = Nudged(presence=0.96, drift=0.055, grown=GROWN)  # with SURE it leaves 5 feet of 80
SMALLEST = 64  # pixels of a hand's longer side: below it a nail is five pixels wide, too few to paint
MOST = 4
MOST_STARTS = 12  # looked at in one list, so that a photo of leaves does not take seconds
ROOMY = 0.4  # of the photo: when the best hand is smaller there is room for more, worth one more list
BESIDE = 2.0  # of a box's longer side: the square around it in which hands over it are looked for
LARGE = 1024  # pixels; in a smaller photo a hand of SMALLEST is seen without the finer tiles
EIGHTHS = [i * pi / 4 for i in range(8)]
WRIST, INDEX_ROOT, INDEX_MIDDLE, MIDDLE_MIDDLE, RING_MIDDLE, LITTLE_ROOT = 0, 5, 6, 10, 14, 17
BACK = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]  # the points that stay put when fingers bend


class HandDetector:
    """Loaded and warm networks for hands. Not thread-safe: one for each worker process."""

    def __init__(self) -> None:
        self._detector = Detector("palm_detection", side=192, low=0.0, anchors=anchors((24, 2), (12, 6)))
        self._landmarks = Net("hand_landmark", side=224, low=0.0, tail=each_tensor(4))

    def detect(self, photo: Photo) -> tuple[Hand, ...]:
        """Up to MOST hands, best first; () when there is none."""
        pyramid = Pyramid(photo.rgb)
        tried: list[Square] = []
        hands: list[Hand] = []
        for starts, trusted in self._starts(pyramid):
            enough = bool(hands)
            for start in starts[:MOST_STARTS]:
                if not any(alike(start, other) for other in tried):
                    tried.append(start)
                    hands += self._verify(pyramid, start, trusted)
            hands = distinct(hands)
            if hands and (enough or extent(hands[0].landmarks) > ROOMY * max(pyramid.size)):
                break
        return tuple(hands[:MOST])

    def over(self, photo: Photo, boxes: Sequence[Box]) -> tuple[Hand, ...]:
        """Hands over or beside faces, say: one look around each box, so that it costs little where there is none."""
        pyramid = Pyramid(photo.rgb)
        hands: list[Hand] = []
        for box in boxes:
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            window = Square(x, y, BESIDE * max(box.shape), 0.0)
            for palm in self._detector.propose(pyramid, window, PROPOSED):
                hands += self._verify(pyramid, from_palm(palm), trusted=True)
        return tuple(distinct(hands)[: MOST * len(boxes)])

    def close(self) -> None:
        """Free the networks."""
        self._detector.close()
        self._landmarks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _starts(self, pyramid: Pyramid) -> Iterator[tuple[list[Square], bool]]:
        """Squares that may hold a hand, likeliest first, and whether a detector vouches for them."""
        for windows in searches(pyramid):
            palms = [p for window in windows for p in self._detector.propose(pyramid, window, PROPOSED)]
            yield [from_palm(palm) for palm in sorted(palms, key=lambda palm: -palm.score)], True
        for scale in (1.0, 1.5):
            yield [pyramid.whole(turn, scale) for turn in EIGHTHS], False

    def _verify(self, pyramid: Pyramid, start: Square, trusted: bool) -> list[Hand]:
        """The one hand that the landmarks settle on from this square, or none."""

        def read(square: Square) -> Reading:
            crop = pyramid.crop(square, self._landmarks.side, border=cv2.BORDER_REPLICATE)
            landmarks, presence, right, _ = self._landmarks(crop)
            placed = square.place(landmarks.reshape(21, 3).astype(np.float64) / self._landmarks.side)
            return Reading(placed, float(presence[0]), float(right[0]))

        reading = settle(read, aim, start, grown=GROWN, drift=DRIFT)
        if reading is None or extent(reading.landmarks) < SMALLEST:
            return []
        if not (trusted and reading.presence >= SURE) and not steady(read, aim, reading, STEADY):
            return []
        name = HandName.RIGHT if reading.extra > 0.5 else HandName.LEFT
        landmarks = reading.landmarks.astype(np.float32)
        return [Hand(landmarks, name, side_of(landmarks, name), reading.presence)]


def searches(pyramid: Pyramid) -> Iterator[list[Square]]:
    """Where to look for palms, likeliest first; the search ends with the first list that shows a hand."""
    yield [pyramid.whole()]
    yield [pyramid.whole(turn, 1.25) for turn in EIGHTHS[1::2]]
    yield [pyramid.whole(turn) for turn in EIGHTHS[2::2]]
    yield pyramid.tiles(0.6)
    if max(pyramid.size) > LARGE:
        yield pyramid.tiles(0.35)


def from_palm(palm: Proposal) -> Square:
    """The landmark network's crop for a palm; its points 0 and 2 are wrist and middle finger's root."""
    up = tilt(palm.points[2] - palm.points[0]) + pi / 2
    centre = (
        np.array([palm.square.x, palm.square.y]) + np.array([np.sin(up), -np.cos(up)]) * palm.square.side / 2
    )
    return Square(float(centre[0]), float(centre[1]), palm.square.side * PALM_GROWN, up)


def aim(landmarks: Array) -> Square:
    """The upright crop in which the landmark network wants to see these landmarks."""
    flat = landmarks[:, :2]
    fingers = ((flat[INDEX_MIDDLE] + flat[RING_MIDDLE]) / 2 + flat[MIDDLE_MIDDLE]) / 2
    angle = tilt(fingers - flat[WRIST]) + pi / 2
    square = around(flat[BACK], angle, GROWN)
    lift = 0.1 * square.side / GROWN
    return Square(
        square.x + lift * float(np.sin(angle)), square.y - lift * float(np.cos(angle)), square.side, angle
    )


def alike(one: Square, other: Square) -> bool:
    """Whether two crops show nearly the same picture: 10 % of shift or size, 15 degrees."""
    turn = abs((one.angle - other.angle + pi) % (2 * pi) - pi)
    return one.distance(other) < 0.1 * other.side and 0.9 < one.side / other.side < 1.1 and turn < pi / 12


def side_of(landmarks: Array, name: HandName) -> HandSide:
    """The side that faces the camera: on a right hand's back the knuckles run clockwise from the index."""
    wrist, first, last = landmarks[[WRIST, INDEX_ROOT, LITTLE_ROOT], :2]
    clockwise = np.cross(first - wrist, last - wrist) > 0
    return HandSide.DORSAL if clockwise == (name is HandName.RIGHT) else HandSide.PALMAR


def extent(landmarks: Array) -> float:
    """Longer side of the landmarks' upright box in pixels."""
    return float(np.ptp(landmarks[:, :2], axis=0).max())


def distinct(hands: list[Hand]) -> list[Hand]:
    """Best first, without those whose landmarks lie on a better one's."""
    kept: list[Hand] = []
    for hand in sorted(hands, key=lambda hand: -hand.score):
        if all(apart(hand, other) > 0.25 for other in kept):
            kept.append(hand)
    return kept


def apart(one: Hand, other: Hand) -> float:
    """Mean distance of two hands' landmarks, in sizes of the larger one."""
    steps = np.hypot(*(one.landmarks - other.landmarks)[:, :2].T)
    return float(steps.mean()) / max(extent(one.landmarks), extent(other.landmarks))
