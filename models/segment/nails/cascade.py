"""Nails of a photo, with or without hands: propose on the whole picture, refine each proposal twice in its frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from models.manifest import weight
from models.segment.nails.frame import Frame
from models.segment.nails.propose import Proposer
from models.segment.nails.refine import Found, Refiner
from models.types import Array

PRESENT = 0.5
"""A nail is there from this score on; before the last pass a quarter of it is enough."""
SAME = 0.35
"""Two masks that share this much of the smaller one are one nail."""
PASSES = 2


class Cascade:
    """Both nets, loaded. Not thread-safe."""

    def __init__(self, proposer: Proposer, refiner: Refiner) -> None:
        self.proposer, self.refiner = proposer, refiner

    @classmethod
    def load(cls) -> Self:
        """The nets of the manifest; raises WeightError."""
        return cls(Proposer(weight("nail_proposer").read()), Refiner(weight("nail_refiner").read()))

    def find(self, rgb: Array, hints: Sequence[Frame] = ()) -> list[Found]:
        """Nails of a (h, w, 3) uint8 picture, surest first. hints: frames in which there may be one, too."""
        frames = [*self.proposer.frames(rgb), *hints]
        found: list[Found] = []
        for left in reversed(range(PASSES)):
            least = PRESENT / 4 if left else PRESENT
            found = distinct([one for one in self.refiner.refine(rgb, frames) if one.score >= least])
            frames = [one.frame for one in found]
        return found


def distinct(found: Sequence[Found]) -> list[Found]:
    """Surest first, without those that lie on a surer one."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -f.score):
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
