"""How well masks fit: nail IoU, edges, instances. All on boolean (h, w) arrays or uint8 label maps (0: no nail)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array

EDGE_PX, EDGE_AT = 2.0, 432
"""Edges may lie this far apart on a picture whose longer side is EDGE_AT."""
MATCH = 0.5
LEAST_PX = 12
"""Labelled slivers below this (cut off by the frame) are not counted as instances."""


@dataclass(frozen=True)
class Score:
    """One picture: pixels common, in either, in neither; edge F; nails labelled, found, matched."""

    common: int
    either: int
    neither: int
    edge: float
    nails: int
    found: int
    matched: int

    @property
    def iou(self) -> float:
        return self.common / self.either if self.either else 1.0


def score(truth: Array, found: Sequence[Array]) -> Score:
    """Compare a label map with the masks that were found."""
    union = np.logical_or.reduce([*found, np.zeros(truth.shape, bool)])
    real = truth > 0
    nails = [truth == label for label in np.unique(truth[real])]
    nails = [nail for nail in nails if nail.sum() >= LEAST_PX]
    return Score(
        int((real & union).sum()),
        int((real | union).sum()),
        int((~real & ~union).sum()),
        edge_f(real, union),
        len(nails),
        len(found),
        matches(nails, found),
    )


def matches(nails: Sequence[Array], found: Sequence[Array]) -> int:
    """Pairs with an IoU above MATCH: above one half no mask can have two partners."""
    count = 0
    for nail in nails:
        ious = [(nail & f).sum() / max((nail | f).sum(), 1) for f in found if (nail & f).any()]
        count += bool(ious) and max(ious) > MATCH
    return count


def edge_f(truth: Array, found: Array, reach: float | None = None) -> float:
    """F measure of the outlines within `reach` pixels, by default EDGE_PX (scaled); 1 when both are empty."""
    if not truth.any() and not found.any():
        return 1.0
    if not truth.any() or not found.any():
        return 0.0
    reach = EDGE_PX * max(truth.shape) / EDGE_AT if reach is None else reach
    a, b = outline(truth), outline(found)
    precision = float((_distance(a)[b] <= reach).mean())
    recall = float((_distance(b)[a] <= reach).mean())
    return 2 * precision * recall / max(precision + recall, 1e-9)


def outline(mask: Array) -> Array:
    """Pixels of a mask that touch its outside; the picture's frame is no outside."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
    edge: Array = mask & (inner == 0)
    return edge if edge.any() else mask


def _distance(line: Array) -> Array:
    out: Array = cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, 5)
    return out


def summary(scores: Sequence[Score]) -> dict[str, float]:
    """The figures of a set; IoU and edges per picture over those that have nails."""
    some = [s for s in scores if s.nails]
    common, either, neither = (
        sum(getattr(s, name) for s in scores) for name in ("common", "either", "neither")
    )
    pooled = common / max(either, 1)
    ious = [s.iou for s in some]
    figures = {
        "iou_mean": float(np.mean(ious)),
        "iou_median": float(np.median(ious)),
        "iou_pooled": pooled,
        "miou": (pooled + neither / (neither + either - common)) / 2,
        "boundary_f": float(np.mean([s.edge for s in some])),
        "recall": sum(s.matched for s in scores) / max(sum(s.nails for s in scores), 1),
        "precision": sum(s.matched for s in scores) / max(sum(s.found for s in scores), 1),
    }
    return {"n": len(scores)} | {key: round(float(value), 4) for key, value in figures.items()}
