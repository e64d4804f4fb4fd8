"""From what the cascade finds to named nails with an axis and a soft mask."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Protocol

import numpy as np

from looks.finger import Finger
from models.segment.nails.bare import Bare
from models.segment.nails.cascade import Cascade
from models.segment.nails.hands import Name, axis, expected, named
from models.segment.nails.refine import Found
from models.segment.polygon import FAINTEST
from models.types import Array, Hand, Mask, Nail, Photo

LEAST_LONG_PX = 5
"""A smaller nail cannot be painted."""
NAMED, UNNAMED, ONE_MORE = (0.2, 0.08), (0.5, 0.2), (0.5, 0.3)
"""Least presence and confidence of a nail on a seen finger, of one elsewhere, and of one more than seen hands have."""
SURE = 0.6
"""Confidence from which a nail is one even where seen hands should have none, as long as fingers of theirs lack one:
landmarks err more often than that."""
FILLED = 0.88  # share of its rectangle that a plate fills: a superellipse of exponent 2.6
FINGERS = tuple(Finger)


class NailSegmenter(Protocol):
    """Finds nail plates; may use the hands, and names hand and finger where it can."""

    def segment(self, photo: Photo, hands: Sequence[Hand]) -> tuple[Nail, ...]: ...


class NailCascade:
    """Finds nails with or without hands; hands add places to look at, and names."""

    def __init__(self) -> None:
        self._cascade = Cascade.load()

    def segment(self, photo: Photo, hands: Sequence[Hand]) -> tuple[Nail, ...]:
        """Nails of the hands in their order, finger by finger, then those without a name, surest first."""
        places, bare = expected(hands), Bare(hands)
        seen = self._cascade.find(photo.rgb, [*places.values()])
        names = named([one.frame for one in seen], places)
        pairs = [*zip(seen, names, strict=True)]
        on_fingers = [(one, name) for one, name in pairs if name is not None and _reaches(one, NAMED)]
        # Cloth, beads and coins pass for nails only where the whole picture agrees, and hardly beside whole hands.
        whole = len(on_fingers) == len(hands) * len(FINGERS) > 0
        elsewhere = [
            (one, name)
            for one, name in pairs
            if name is None
            and _reaches(one, ONE_MORE if whole else UNNAMED)
            and ((one.confidence >= SURE and not whole) or not bare.holds(one.frame))
        ]
        nails = [_nail(one, name) for one, name in (*on_fingers, *elsewhere)]
        return tuple(sorted((nail for nail in nails if nail is not None), key=_order))


def _reaches(one: Found, least: tuple[float, float]) -> bool:
    return one.present >= least[0] and one.confidence >= least[1]


def _nail(found: Found, name: Name | None) -> Nail | None:
    alpha = np.round(found.alpha * 255).astype(np.uint8)
    alpha[alpha < FAINTEST] = 0
    line = axis(found.frame)
    if not alpha.any() or np.linalg.norm(line[1] - line[0]) < LEAST_LONG_PX:
        return None
    hand, finger = name or (None, None)
    mask = Mask(alpha, found.box)
    return Nail(mask, line, _width(alpha, line), found.confidence, hand, finger)


def _width(alpha: Array, line: Array) -> float:
    """Of the plate across its axis, pixels: its area over its length, as a superellipse fills its rectangle."""
    area = float(alpha.sum()) / 255
    return area / (FILLED * float(np.linalg.norm(line[1] - line[0])))


def _order(nail: Nail) -> tuple[float, int, float]:
    if nail.hand is None or nail.finger is None:
        return inf, 0, -nail.confidence
    return nail.hand, FINGERS.index(nail.finger), 0.0
