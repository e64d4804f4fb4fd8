"""Read a single-shot detector: anchors and raw boxes in, scored proposals in photo pixels out.

Source: Bazarevsky et al., BlazeFace, arXiv 1907.05047 (overlapping boxes are averaged by score, not dropped).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.detect.net import Net, each_tensor
from models.detect.square import Pyramid, Square
from models.types import Array

OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where something may be. square: around it, turned as the search; points: (k, 2); score: 0 to 1."""

    square: Square
    points: Array
    score: float


def anchors(*grids: tuple[int, int]) -> Array:
    """(n, 2) float32 anchor centres in the unit square, for grids of (cells per side, anchors per cell)."""
    parts = []
    for cells, each in grids:
        middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        x, y = np.meshgrid(middle, middle)
        parts.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), each, axis=0))
    return np.concatenate(parts)


def sigmoid(logit: Array) -> Array:
    """Probability of a logit; clipped, as a float32 exponential overflows beyond 88."""
    probability: Array = 1 / (1 + np.exp(-np.clip(logit, -80, 80)))
    return probability


class Detector:
    """A detector network with its anchors."""

    def __init__(self, name: str, *, side: int, low: float, anchors: Array) -> None:
        self._net = Net(name, side=side, low=low, tail=each_tensor(2))
        self._anchors = anchors

    def close(self) -> None:
        self._net.close()

    def propose(self, photo: Pyramid, window: Square, threshold: float) -> list[Proposal]:
        """What scores above `threshold` inside the window, best first, overlapping boxes merged."""
        raw = self._net(photo.crop(window, self._net.side, border=cv2.BORDER_CONSTANT))
        scores = sigmoid(raw[1])
        kept = np.flatnonzero(scores > threshold)
        if not len(kept):
            return []
        scores = scores[kept]
        boxes = raw[0].reshape(len(self._anchors), -1)[kept] / self._net.side
        boxes[:, 0:2] += self._anchors[kept]
        boxes[:, 4:] += np.tile(self._anchors[kept], (boxes.shape[1] - 4) // 2)
        return [self._place(boxes[group], scores[group], window) for group in groups(boxes, scores)]

    def _place(self, boxes: Array, scores: Array, window: Square) -> Proposal:
        box = np.average(boxes, axis=0, weights=scores)
        points = window.place(box[[0, 1, *range(4, len(box))]].reshape(-1, 2))
        side = float(max(box[2], box[3])) * window.side
        return Proposal(
            Square(float(points[0, 0]), float(points[0, 1]), side, window.angle),
            points[1:],
            float(scores.max()),
        )


def groups(boxes: Array, scores: Array) -> list[Array]:
    """Indices of boxes (n, 4 …: centre x, y, width, height) that overlap their group's best, best first."""
    left = np.argsort(-scores)
    found = []
    while len(left):
        same = overlap(boxes[left[0]], boxes[left]) > OVERLAP
        same[0] = True
        found.append(left[same])
        left = left[~same]
    return found


def overlap(one: Array, many: Array) -> Array:
    """(n,) intersection over union of one box with many, all (…, 4 …: x, y of the centre, width, height)."""
    low = np.maximum(one[:2] - one[2:4] / 2, many[:, :2] - many[:, 2:4] / 2)
    high = np.minimum(one[:2] + one[2:4] / 2, many[:, :2] + many[:, 2:4] / 2)
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    union = np.prod(one[2:4]) + np.prod(many[:, 2:4], axis=1) - shared
    ratio: Array = shared / np.maximum(union, 1e-9)
    return ratio
