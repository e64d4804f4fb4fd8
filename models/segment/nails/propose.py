"""Where nails may be: a net looks at the whole picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2

import cv2
import numpy as np

from models.segment.nails.frame import MARGIN, Frame
from models.segment.nails.session import load, sigmoid, tensor
from models.types import Array, Box

SIZE = 384
"""Of the picture's longer side."""
NAIL, CORE = 0.3, 0.5
LEAST_PX = 5
"""Of the net's map, at half its size."""
GREY = 114


@dataclass(frozen=True, slots=True)
class Proposals:
    """Where nails may be. probability: (h, w) of a nail; size: (height, width) of the picture, pixels."""

    frames: tuple[Frame, ...]
    probability: Array
    size: tuple[int, int]

    def support(self, alpha: Array, box: Box) -> float:
        """How far the whole picture speaks for a nail under this mask: mean probability, 0 to 1."""
        height, width = self.probability.shape
        rows = (np.arange(box.y0, box.y1) + 0.5) * height / self.size[0]
        columns = (np.arange(box.x0, box.x1) + 0.5) * width / self.size[1]
        y, x = np.minimum(rows.astype(int), height - 1), np.minimum(columns.astype(int), width - 1)
        return float(np.average(self.probability[np.ix_(y, x)], weights=alpha))


class Proposer:
    """Looks at the whole picture; aimed at missing no nail. Not thread-safe."""

    def __init__(self, weight: bytes) -> None:
        self._net = load(weight)

    def propose(self, rgb: Array) -> Proposals:
        """Look at a (h, w, 3) uint8 picture."""
        scale = SIZE / max(rgb.shape[:2])
        (h, w), pixel = _small(rgb, scale), 2 / scale
        (whole,) = self._net.run(None, {"image": _padded(rgb, scale)})
        out = whole[0][:, : -(-h // 2), : -(-w // 2)]
        frames = (
            replace(f, x=(f.x + 0.5) * pixel - 0.5, y=(f.y + 0.5) * pixel - 0.5, side=f.side * pixel)
            for f in instances(out)
        )
        return Proposals(tuple(frames), sigmoid(out[0]), (rgb.shape[0], rgb.shape[1]))


def _small(rgb: Array, scale: float) -> tuple[int, int]:
    """(height, width) of a picture at this scale."""
    h, w = (max(8, round(side * scale)) for side in rgb.shape[:2])
    return h, w


def _padded(rgb: Array, scale: float) -> Array:
    """What the net takes, (1, 3, h, w) with sides that are multiples of 32."""
    h, w = _small(rgb, scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    padded = np.full((-(-h // 32) * 32, -(-w // 32) * 32, 3), GREY, np.uint8)
    padded[:h, :w] = cv2.resize(rgb, (w, h), interpolation=how)
    return tensor(padded[None])


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
            if piece.sum() >= LEAST_PX:
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
