"""One eye as a place to paint: heights of its lids, creases and brow over the line between its corners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.segment.face.mesh import EYES, EyeRings, flat
from models.types import Array, Box

TURNED_AWAY = 0.42  # of its width in space that an eye shows in the photo: less is not painted
SAMPLES = 64  # of each height along the eye
LEAST_LID, LEAST_BROW = 0.09, 0.20  # eye widths between one height and the next
STEP = 0.20  # eye widths over the crease that a shadow is blended at most
WIDE_OPEN, SHUT = 0.24, 0.06  # eye widths between the lids


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye. x runs from the inner corner (0) to the outer (1), y up to the brow, both in eye widths.

    inner: (2,) the inner corner; along, up: (2,) unit vectors, all in photo pixels; width: pixels between the corners;
    xs: where heights are known; upper, lower: of the lids' edges; crease, brow: above them.
    """

    rings: EyeRings
    inner: Array
    along: Array
    up: Array
    width: float
    xs: Array
    upper: Array
    lower: Array
    crease: Array
    brow: Array

    @classmethod
    def of(cls, landmarks: Array, rings: EyeRings) -> Self | None:
        """An eye of a mesh; None when it is turned away or only a few pixels wide."""
        inner, outer = landmarks[rings.upper[0]], landmarks[rings.upper[-1]]
        across = outer[:2] - inner[:2]
        width = float(np.hypot(*across))
        if width < 6 or width < TURNED_AWAY * float(np.linalg.norm(outer - inner)):
            return None
        along = (across / width).astype(np.float32)
        up = np.array([along[1], -along[0]], np.float32)
        to_brow = flat(landmarks, rings.brow_low).mean(0) - inner[:2]
        up = up if float(up @ to_brow) > 0 else -up
        xs = np.linspace(-0.35, 1.45, SAMPLES).astype(np.float32)

        def height(ring: tuple[int, ...]) -> Array:
            away = flat(landmarks, ring) - inner[:2]
            x, y = away @ along / width, away @ up / width
            x = np.maximum.accumulate(x + np.arange(len(x)) * 1e-4)
            return _curve(xs, x, y)

        lash_up, lash_low = height(rings.upper), height(rings.lower)
        upper = np.maximum(lash_up, lash_low)
        crease = np.maximum(height(rings.crease), upper + LEAST_LID)
        brow = np.maximum(height(rings.brow_low), crease + LEAST_BROW)
        corner = inner[:2].astype(np.float32)
        return cls(rings, corner, along, up, width, xs, upper, lash_low, crease, brow)

    @property
    def opening(self) -> float:
        """Eye widths between the lids where they are furthest apart."""
        return float((self.upper - self.lower).max())

    @property
    def lift(self) -> float:
        """0 for a shut eye, 1 for an open one."""
        return float(np.clip((self.opening - SHUT) / (WIDE_OPEN - SHUT), 0, 1))

    def box(self, size: tuple[int, ...], low: tuple[float, float], high: tuple[float, float]) -> Box | None:
        """The photo's pixels that hold a rectangle in eye widths; None outside the photo of (height, width, …)."""
        corners = np.array([self.at(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])])
        x0, y0 = np.maximum(np.floor(corners.min(0)), 0).astype(int)
        x1, y1 = np.minimum(np.ceil(corners.max(0)) + 1, (size[1], size[0])).astype(int)
        return Box(int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None

    def at(self, x: float, y: float) -> Array:
        """(2,) the photo's place of a point in eye widths."""
        place: Array = self.inner + self.width * (x * self.along + y * self.up)
        return place

    def all_at(self, places: Array) -> Array:
        """(n, 2) the photo's places of (n, 2) points in eye widths."""
        found: Array = self.inner + self.width * (places[:, :1] * self.along + places[:, 1:] * self.up)
        return found

    def places(self, box: Box) -> Places:
        """Where each pixel of a box lies."""
        px, py = np.meshgrid(
            np.arange(box.x0, box.x1, dtype=np.float32) + 0.5 - self.inner[0],
            np.arange(box.y0, box.y1, dtype=np.float32) + 0.5 - self.inner[1],
        )
        x = (px * self.along[0] + py * self.along[1]) / np.float32(self.width)
        y = (px * self.up[0] + py * self.up[1]) / np.float32(self.width)
        return Places(self, x, y)


@dataclass(frozen=True, slots=True)
class Places:
    """A box's pixels about an eye: (h, w) x and y in eye widths."""

    eye: Eye
    x: Array
    y: Array

    def height(self, curve: Array) -> Array:
        """(h, w) a height of the eye at each pixel's x."""
        found: Array = np.interp(self.x, self.eye.xs, curve).astype(np.float32)
        return found

    def rise(self) -> Array:
        """(h, w) 0 on the upper lash line, 1 in the crease, 2 as far above it as a shadow is blended, 3 at the brow."""
        upper, crease, brow = (self.height(h) for h in (self.eye.upper, self.eye.crease, self.eye.brow))
        above = self.y - crease
        room = np.clip((brow - crease) / 2, 0.06, STEP)
        found: Array = np.where(above > 0, 1 + above / room, (self.y - upper) / (crease - upper))
        return found.astype(np.float32)

    def skin(self, reserve_px: float = 0.8) -> Array:
        """(h, w) 0 on the eyeball and so many pixels round it, 1 elsewhere."""
        upper, lower = self.height(self.eye.upper), self.height(self.eye.lower)
        inside = np.minimum(upper - self.y, self.y - lower)
        inside = np.where((self.x > -0.02) & (self.x < 1.02), inside, -1.0) * np.float32(self.eye.width)
        gap = (upper - lower) * np.float32(self.eye.width)
        found: Array = 1 - np.clip(inside + reserve_px, 0, 1) * np.clip(gap - 1.0, 0, 1)
        return found.astype(np.float32)


def eyes_of(landmarks: Array) -> tuple[Eye, ...]:
    """The eyes of a mesh that face the camera."""
    return tuple(eye for rings in EYES if (eye := Eye.of(landmarks, rings)) is not None)


def _curve(xs: Array, x: Array, y: Array) -> Array:
    """Heights at xs of a smooth line through (x, y); flat beyond its ends (Fritsch and Carlson 1980)."""
    step = np.diff(x)
    slope = np.diff(y) / np.maximum(step, 1e-4)
    tangent = np.zeros_like(x)
    same = slope[1:] * slope[:-1] > 0
    tangent[1:-1] = np.where(same, 2 * slope[1:] * slope[:-1] / (slope[1:] + slope[:-1] + 1e-9), 0)
    tangent[0], tangent[-1] = slope[0], slope[-1]
    inside = np.clip(xs, x[0], x[-1])
    k = np.clip(np.searchsorted(x, inside, side="right") - 1, 0, len(x) - 2)
    h = np.maximum(step[k], 1e-4)
    t = np.clip((inside - x[k]) / h, 0, 1)
    found: Array = (
        (1 + 2 * t) * (1 - t) ** 2 * y[k]
        + t * (1 - t) ** 2 * h * tangent[k]
        + t**2 * (3 - 2 * t) * y[k + 1]
        + t**2 * (t - 1) * h * tangent[k + 1]
    )
    return found.astype(np.float32)
