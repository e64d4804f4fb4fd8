"""Soft places on a face: sweeps of a brush between landmarks, as wide as the face there is turned to the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from models.segment.face.mesh import width_of
from models.types import Array, Box

LEAST_TURNED = 0.16  # of a face's width that a side must show to be painted
FADE = 3.0  # standard deviations at which a sweep ends
FAINT = 0.011


@dataclass(frozen=True, slots=True)
class Side:
    """One half of a face. across: (2,) a face width outwards as the photo shows it; down: (2,)
    a face width towards the chin; points: the mesh in the photo;
    names: its landmarks by the right side's numbers.
    """

    across: Array
    down: Array
    width: float
    points: Array
    names: dict[int, int]

    @classmethod
    def of(cls, landmarks: Array, left: bool) -> Self | None:
        """None for the side that is turned away."""
        names = {right: other if left else right for right, other in PAIRS.items()}
        width = width_of(landmarks)
        flat = landmarks[:, :2].astype(np.float64)
        outwards = flat[names[234]] - flat[names[129]]
        depth = np.linalg.norm(landmarks[names[234]] - landmarks[names[129]])
        if np.hypot(*outwards) < LEAST_TURNED * width:
            return None
        across = outwards / float(depth) * width
        down = (
            (flat[152] - flat[10]) / max(float(np.linalg.norm(landmarks[152] - landmarks[10])), 1.0) * width
        )
        if abs(across[0] * down[1] - across[1] * down[0]) < 0.1 * width**2:
            return None
        return cls(across, down, width, flat, names)

    def at(self, *weighted: tuple[int, float]) -> Array:
        """(2,) weighted mean of landmarks, named by the right side's numbers."""
        total = sum(weight for _, weight in weighted)
        place: Array = (
            sum(
                (self.points[self.names.get(index, index)] * weight for index, weight in weighted),
                np.zeros(2),
            )
            / total
        )
        return place

    def moved(self, place: Array, across: float = 0.0, down: float = 0.0) -> Array:
        """A place moved by face widths."""
        found: Array = place + across * self.across + down * self.down
        return found


@dataclass(frozen=True, slots=True)
class Sweep:
    """A brush's way. path: (n, 2) places; radius: face widths, at each of them; weight: at each of them."""

    side: Side
    path: Array
    radius: tuple[float, ...]
    weight: tuple[float, ...]

    def box(self, size: tuple[int, ...]) -> Box | None:
        """The photo's pixels that it may touch."""
        reach = FADE * max(self.radius) * self.side.width
        x0, y0 = np.maximum(np.floor(self.path.min(0) - reach), 0).astype(int)
        x1, y1 = np.minimum(np.ceil(self.path.max(0) + reach), (size[1], size[0])).astype(int)
        return Box(int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None

    def share(self, box: Box) -> Array:
        """(h, w) float32, 0 to 1."""
        frame = np.linalg.inv(np.stack([self.side.across, self.side.down], axis=1))
        x, y = np.meshgrid(
            np.arange(box.x0, box.x1, dtype=np.float32) + 0.5,
            np.arange(box.y0, box.y1, dtype=np.float32) + 0.5,
        )
        u = (frame[0, 0] * x + frame[0, 1] * y).astype(np.float32)
        v = (frame[1, 0] * x + frame[1, 1] * y).astype(np.float32)
        stations = self.path @ frame.T
        free = np.zeros(box.shape, np.float32)
        pairs = zip(stations[:-1], stations[1:], range(len(stations) - 1), strict=False)
        for start, end, number in pairs:
            way = end - start
            t = ((u - start[0]) * way[0] + (v - start[1]) * way[1]) / max(float(way @ way), 1e-9)
            t = np.clip(t, 0, 1)
            away = (u - start[0] - t * way[0]) ** 2 + (v - start[1] - t * way[1]) ** 2
            radius = self.radius[number] + t * (self.radius[number + 1] - self.radius[number])
            weight = self.weight[number] + t * (self.weight[number + 1] - self.weight[number])
            free = np.maximum(free, weight * np.exp(-0.5 * away / radius**2))
        share: Array = np.where(free > FAINT, free - FAINT, 0) / (1 - FAINT)
        return share.astype(np.float32)


def sweep(side: Side, *stations: tuple[Array, float, float]) -> Sweep:
    """A way through (place, radius, weight)."""
    first = stations if len(stations) > 1 else (stations[0], stations[0])
    return Sweep(
        side,
        np.array([place for place, _, _ in first]),
        tuple(radius for _, radius, _ in first),
        tuple(weight for _, _, weight in first),
    )


def union(shares: Sequence[Array]) -> Array:
    """(h, w) sweeps over one another."""
    free = np.ones_like(shares[0])
    for share in shares:
        free = free * (1 - share)
    found: Array = 1 - free
    return found


def sides_of(landmarks: Array) -> tuple[Side, ...]:
    """The halves of a face that can be seen."""
    return tuple(side for left in (False, True) if (side := Side.of(landmarks, left)) is not None)


RIGHT = (
    *(33, 50, 61, 205, 117, 123, 129, 132, 234, 127, 93, 58, 172, 136, 150, 103, 54, 21),
    *(67, 162, 193, 188, 174, 198, 37, 149, 104, 68, 130, 31, 116, 111, 187, 207, 101, 118, 119, 70),
)
LEFT = (
    *(263, 280, 291, 425, 346, 352, 358, 361, 454, 356, 323, 288, 397, 365, 379, 332, 284, 251),
    *(297, 389, 417, 412, 399, 420, 267, 378, 333, 298, 359, 261, 345, 340, 411, 427, 330, 347, 348, 300),
)
PAIRS = dict(zip(RIGHT, LEFT, strict=True))
"""Landmarks of the right side and their partners on the left."""
