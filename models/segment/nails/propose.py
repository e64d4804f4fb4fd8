"""Where nails may be: a net looks at the whole picture at two sizes."""

from __future__ import annotations

from dataclasses import replace
from math import atan2

import cv2
import numpy as np

from models.segment.nails.frame import MARGIN, Frame
from models.segment.nails.session import load, sigmoid, tensor
from models.types import Array

SIZES = (256, 384)
"""Of the picture's longer side."""
NAIL, CORE, SURE = 0.4, 0.5, 0.45
LEAST_PX = 5
"""Of the net's map, at half its size."""
GREY = 114


class Proposer:
    """Proposes frames; aimed at missing none. Not thread-safe."""

    def __init__(self, weight: bytes) -> None:
        self._net = load(weight)

    def frames(self, rgb: Array) -> list[Frame]:
        """Frames in which a nail of a (h, w, 3) uint8 picture may be; one nail may come once from each size."""
        return [frame for size in SIZES for frame in self._at(rgb, size / max(rgb.shape[:2]))]

    def _at(self, rgb: Array, scale: float) -> list[Frame]:
        h, w = (max(8, round(side * scale)) for side in rgb.shape[:2])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        padded = np.full((-(-h // 32) * 32, -(-w // 32) * 32, 3), GREY, np.uint8)
        padded[:h, :w] = cv2.resize(rgb, (w, h), interpolation=how)
        (maps,) = self._net.run(None, {"image": tensor(padded[None])})
        pixel = 2 / scale
        return [
            replace(f, x=(f.x + 0.5) * pixel - 0.5, y=(f.y + 0.5) * pixel - 0.5, side=f.side * pixel)
            for f in instances(maps[0][:, : -(-h // 2), : -(-w // 2)])
        ]


def instances(out: Array) -> list[Frame]:
    """Frames, in pixels of a proposer's (4, h, w) map: one a core, and one a part that has none."""
    nail, core = sigmoid(out[0]), sigmoid(out[1])
    count, parts, boxes, _ = cv2.connectedComponentsWithStats((nail > NAIL).astype(np.uint8), connectivity=4)
    frames = []
    for part in range(1, count):
        x, y, w, h, area = boxes[part]
        if area < LEAST_PX:
            continue
        view = (slice(y, y + h), slice(x, x + w))
        own = parts[view] == part
        for piece in _split(own, (core[view] > CORE) & own):
            if piece.sum() >= LEAST_PX and nail[view][piece].max() >= SURE:
                frames.append(_frame(piece, out[2:, y : y + h, x : x + w], x, y))
    return frames


def _split(own: Array, cores: Array) -> list[Array]:
    """A connected part, cut between its cores; each pixel goes to the nearest."""
    if cv2.connectedComponents(cores.astype(np.uint8), connectivity=8)[0] <= 2:
        return [own]
    _, nearest = cv2.distanceTransformWithLabels(
        (~cores).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_CCOMP
    )
    return [own & (nearest == k) for k in np.unique(nearest[own])]


def _frame(piece: Array, angle: Array, x: int, y: int) -> Frame:
    centre, long = extent(piece)
    double = angle[:, piece].mean(1)
    return Frame(centre[0] + x, centre[1] + y, MARGIN * long, 0.5 * atan2(double[1], double[0]))


def extent(mask: Array) -> tuple[tuple[float, float], float]:
    """Centre (x, y) and longer side of the least rectangle around a mask."""
    points = np.argwhere(mask)[:, ::-1].astype(np.float32)
    centre, sides, _ = cv2.minAreaRect(cv2.convexHull(np.ascontiguousarray(points)))
    return (float(centre[0]), float(centre[1])), float(max(sides)) + 1.0
