"""Nails of a photo, with or without hands: propose on the whole picture, refine each proposal twice in its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from models.manifest import weight
from models.segment.nails.frame import Frame
from models.segment.nails.propose import Proposer
from models.segment.nails.refine import Found, Refiner
from models.types import Array

PROMISING, LEAST = 0.35, 0.35
"""How sure a crop is that it shows a nail: to earn another look, and to be named at all."""
SAME = 0.35
"""Two masks that share this much of the smaller one are one nail."""
ALIKE, SETTLED = (0.10, 1.3, 0.5), (0.05, 1.15, 0.25)
"""Two frames are near: distance of the middles over the side, ratio of the sides, angle in radians."""


class Cascade:
    """The nets, loaded. Not thread-safe."""

    def __init__(self, proposer: Proposer, refiner: Refiner) -> None:
        self.proposer, self.refiner = proposer, refiner

    @classmethod
    def load(cls) -> Self:
        """The nets of the manifest; raises WeightError."""
        return cls(Proposer(weight("nail_proposer").read()), Refiner(weight("nail_refiner").read()))

    def find(self, rgb: Array, hints: Sequence[Frame] = ()) -> list[Found]:
        """What may be nails of a (h, w, 3) uint8 picture, surest first, no two on one place.

        hints: frames to look at, too. Of what was seen twice, the surest goes on; a nail whose own frame is nearly
        the one in which it was seen is not looked at again.
        """
        proposals = self.proposer.propose(rgb)
        first = _different([*proposals.frames, *hints])
        promising = [one for one in self.refiner.refine(rgb, first) if one and one.present >= PROMISING]
        seen = distinct(promising)
        settled = [one for one in seen if one.looked_at.near(one.frame, SETTLED)]
        again = self._again(rgb, [one for one in seen if not one.looked_at.near(one.frame, SETTLED)])
        found = [one for one in (*settled, *again) if one.present >= LEAST]
        return distinct([replace(one, support=proposals.support(one.alpha, one.box)) for one in found])

    def _again(self, rgb: Array, seen: Sequence[Found]) -> list[Found]:
        """Another look at each in its own frame; whether it is a nail at all, both looks say alike."""
        looks = self.refiner.refine(rgb, [one.frame for one in seen], mirrored=True)
        return [
            replace(look, present=(one.present + look.present) / 2)
            for one, look in zip(seen, looks, strict=True)
            if look is not None
        ]


def _different(frames: Sequence[Frame]) -> list[Frame]:
    """The first of those that show nearly the same."""
    kept: list[Frame] = []
    for frame in frames:
        if not any(frame.near(other, ALIKE) for other in kept):
            kept.append(frame)
    return kept


def distinct(found: Sequence[Found]) -> list[Found]:
    """Surest first, without those that lie on a surer one."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -f.confidence):
        if all(shared(one, other) < SAME for other in kept):
            kept.append(one)
    return kept


def shared(a: Found, b: Found) -> float:
    """Common area over the smaller one's."""
    x0, y0 = max(a.box.x0, b.box.x0), max(a.box.y0, b.box.y0)
    x1, y1 = min(a.box.x1, b.box.x1), min(a.box.y1, b.box.y1)
    if x0 >= x1 or y0 >= y1:
        return 0.0
    parts = [f.alpha[y0 - f.box.y0 : y1 - f.box.y0, x0 - f.box.x0 : x1 - f.box.x0] > 0.5 for f in (a, b)]
    smaller = min((f.alpha > 0.5).sum() for f in (a, b))
    return float((parts[0] & parts[1]).sum() / max(smaller, 1))
