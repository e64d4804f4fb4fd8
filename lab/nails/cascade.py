"""The cascade as it will be used: propose on the whole picture at two sizes, refine each nail twice in its frame.

Reference form on ONNX Runtime, NumPy and OpenCV; no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, hypot, pi, sin
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from lab.nails.frame import MARGIN, Frame
from models.types import Array, Box

SIZES = (256, 384)
SIDE = 128
NAIL, CORE, SURE = 0.4, 0.5, 0.45
LEAST_PX = 5
"""Of the proposer's map."""
PRESENT = 0.5
SAME = 0.35
"""Two masks that share this much of the smaller one are one nail."""


@dataclass(frozen=True, slots=True)
class Found:
    """One nail. alpha: (h, w) float32 in [0, 1] within box; frame: up is towards the free edge; score in [0, 1]."""

    alpha: Array
    box: Box
    frame: Frame
    score: float


class Cascade:
    """Both nets, loaded. Not thread-safe."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        self._proposer, self._refiner = (
            onnxruntime.InferenceSession(
                str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for name in ("proposer", "refiner")
        )

    def find(self, rgb: Array, passes: int = 2, present: float = PRESENT) -> list[Found]:
        """Nails of a (h, w, 3) uint8 picture, surest first."""
        frames = self.propose(rgb)
        found: list[Found] = []
        for turn in range(passes):
            refined = self.refine(rgb, frames)
            last = turn == passes - 1
            found = distinct([f for f in refined if f.score >= (present if last else present / 4)])
            frames = [f.frame for f in found]
        return found

    def propose(self, rgb: Array) -> list[Frame]:
        """Frames in which a nail may be; the same nail may come once from each size."""
        frames: list[Frame] = []
        for size in SIZES:
            scale = size / max(rgb.shape[:2])
            h, w = (max(8, round(side * scale)) for side in rgb.shape[:2])
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            small = cv2.resize(rgb, (w, h), interpolation=how)
            padded = np.full((-(-h // 32) * 32, -(-w // 32) * 32, 3), 114, np.uint8)
            padded[:h, :w] = small
            (out,) = self._proposer.run(None, {"image": _tensor(padded[None])})
            frames += [
                replace(
                    f,
                    x=(f.x + 0.5) * 2 / scale - 0.5,
                    y=(f.y + 0.5) * 2 / scale - 0.5,
                    side=f.side * 2 / scale,
                )
                for f in instances(out[0][:, : -(-h // 2), : -(-w // 2)])
            ]
        return frames

    def refine(self, rgb: Array, frames: Sequence[Frame]) -> list[Found]:
        """One pass of the refiner; each result carries the frame for the next pass."""
        if not frames:
            return []
        crops = np.stack([frame.crop(rgb, SIDE) for frame in frames])
        logits, facts = self._refiner.run(None, {"crop": _tensor(crops)})
        found = []
        for frame, mask, fact in zip(frames, _sigmoid(logits[:, 0]), facts, strict=True):
            own = _centre_part(mask)
            if own.any():
                found.append(_pasted(mask * own, frame, fact, rgb.shape[:2]))
        return found


def instances(out: Array) -> list[Frame]:
    """Frames, in pixels of a proposer's (4, h, w) map: one a core, and one a part that has none."""
    nail, core = _sigmoid(out[0]), _sigmoid(out[1])
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


def distinct(found: list[Found]) -> list[Found]:
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


def _centre_part(mask: Array) -> Array:
    """The connected part of a mask that lies nearest to the middle, a little grown so that its soft edge stays."""
    count, parts = cv2.connectedComponents((mask > 0.5).astype(np.uint8))
    if count <= 1:
        return np.zeros(mask.shape, bool)
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]] - (mask.shape[0] - 1) / 2
    far = np.where(parts > 0, np.hypot(x, y), np.inf)
    own = parts == parts.flat[int(far.argmin())]
    grown: Array = cv2.dilate(own.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    out: Array = grown & (own | (parts == 0))
    return out


def _pasted(mask: Array, frame: Frame, fact: Array, shape: tuple[int, ...]) -> Found:
    """A crop's mask back in the picture, and the frame of the nail in it."""
    inverse = cv2.invertAffineTransform(frame.matrix(SIDE))
    corners = inverse @ np.array([[0, SIDE, 0, SIDE], [0, 0, SIDE, SIDE], [1, 1, 1, 1]])
    x0, y0 = (int(max(0, v)) for v in np.floor(corners.min(1)))
    x1, y1 = (int(min(limit, v)) for v, limit in zip(np.ceil(corners.max(1)) + 1, shape[1::-1], strict=True))
    box = Box(min(x0, shape[1] - 1), min(y0, shape[0] - 1), max(x1, x0 + 1, 1), max(y1, y0 + 1, 1))
    shifted = inverse - np.array([[0, 0, box.x0], [0, 0, box.y0]])
    alpha = cv2.warpAffine(mask, shifted, box.shape[::-1], flags=cv2.INTER_LINEAR)
    (cx, cy), long = extent(mask > 0.5)
    x, y = inverse @ np.array([cx, cy, 1])
    c, s = cos(frame.up), sin(frame.up)
    known = hypot(fact[1], fact[2]) > 0.3
    up = atan2(fact[1] * c - fact[2] * s, -fact[1] * s - fact[2] * c) if known else frame.up
    side = MARGIN * long * frame.side / SIDE
    return Found(
        alpha, box, Frame(float(x), float(y), side, (up + pi) % (2 * pi) - pi), float(_sigmoid(fact[0]))
    )


def _tensor(rgb: Array) -> Array:
    out: Array = np.ascontiguousarray(rgb.transpose(0, 3, 1, 2), dtype=np.float32) / 255
    return out


def _sigmoid(x: Array) -> Array:
    out: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return out
