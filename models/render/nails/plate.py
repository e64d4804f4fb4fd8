"""A natural plate as it was segmented: its sides, its colour and the light on it, in nail coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.render.light import linear, luminance
from models.types import Array, Nail

ROWS = np.linspace(0.0, 1.16, 59, dtype=np.float32)
_COLUMNS = np.linspace(-2.0, 2.0, 81, dtype=np.float32)
_FITTED = (0.25, 0.62)  # of the plate: here its sides run straight on
_SLOPES = (-0.30, 0.15)  # of the sides, half widths a plate: beyond lies a torn mask, not perspective
_STRAIGHT = (_FITTED[0] <= ROWS) & (_FITTED[1] >= ROWS)
_MIDDLE = sum(_FITTED) / 2
_LINE = np.linalg.pinv(np.vander(ROWS[_STRAIGHT] - _MIDDLE, 2))
_SEEN_ROWS, _SEEN = (
    np.linspace(0.38, 0.74, 13, dtype=np.float32),
    np.linspace(-0.8, 0.8, 17, dtype=np.float32),
)
_PARABOLA = np.linalg.pinv(np.vander(_SEEN, 3))
_LEAN = 0.06  # the same for the middle line
_SHADES = (0.6, 1.25)


@dataclass(frozen=True, slots=True)
class Plate:
    """The plate's frame and sides. Half widths are nail.width_px / 2; along is 0 at the cuticle, 1 at the free edge.

    half, centre: (len(ROWS),) of the mask at ROWS; wide: half width where the sides are straight; slope, lean: of
    half width and centre per plate length, from the row `joint` on.
    """

    origin: Array
    ahead: Array
    length_px: float
    half_px: float
    half: Array
    centre: Array
    wide: float
    slope: float
    middle: float
    lean: float

    def sides(self, along: Array) -> tuple[Array, Array]:
        """Straight sides at any place along: half width and centre, both in half widths."""
        beyond = np.asarray(along, np.float32) - _FITTED[1]
        eased = np.where(beyond > 0, 0.5 * (1 - np.exp(-beyond / 0.5)), beyond)
        return self.wide * (1 + self.slope * eased), self.middle + self.lean * beyond

    def pixels(self, across: Array, along: Array) -> Array:
        """Nail coordinates to (n, 2) photo pixels."""
        side = np.array([-self.ahead[1], self.ahead[0]], np.float32)
        points: Array = (
            self.origin
            + np.asarray(across)[..., None] * self.half_px * side
            + np.asarray(along)[..., None] * self.length_px * self.ahead
        )
        return points


@dataclass(frozen=True, slots=True)
class Lit:
    """How the plate looks. bed: (3,) linear light in its middle; shade: (3,) polynomial over across, mean 1.

    light: (2,) unit vector in the photo towards where the light seems to come from.
    """

    bed: Array
    shade: Array
    light: Array

    def at(self, across: Array) -> Array:
        """Shading at a place from side to side, -1 to 1."""
        shade: Array = np.clip(np.polyval(self.shade, np.clip(across, -1, 1)), *_SHADES).astype(np.float32)
        return shade


def plate_of(nail: Nail) -> Plate:
    """Measure a nail's mask along its axis."""
    cuticle, edge = nail.axis.astype(np.float32)
    length = max(float(np.hypot(*(edge - cuticle))), 1.0)
    frame = Plate(cuticle, (edge - cuticle) / length, length, nail.width_px / 2, *_UNMEASURED)
    corner = np.array([nail.mask.box.x0, nail.mask.box.y0], np.float32) + 0.5
    where = (
        frame.pixels(_COLUMNS[None, :].repeat(len(ROWS), 0), ROWS[:, None].repeat(len(_COLUMNS), 1)) - corner
    )
    alpha = (
        cv2.remap(nail.mask.alpha, where[..., 0], where[..., 1], cv2.INTER_LINEAR).astype(np.float32) / 255
    )
    half = alpha.sum(1) * (_COLUMNS[1] - _COLUMNS[0]) / 2
    centre = (alpha @ _COLUMNS) / np.maximum(alpha.sum(1), 1e-3)
    slope, wide = _LINE @ half[_STRAIGHT]
    lean, centred = _LINE @ centre[_STRAIGHT]
    wide, rest = max(float(wide), 0.3), _FITTED[1] - _MIDDLE
    slope, lean = float(np.clip(slope / wide, *_SLOPES)), float(np.clip(lean, -_LEAN, _LEAN))
    return Plate(
        frame.origin,
        frame.ahead,
        length,
        frame.half_px,
        half.astype(np.float32),
        centre.astype(np.float32),
        wide * (1 + slope * rest),
        slope,
        float(centred) + lean * rest,
        lean,
    )


_UNMEASURED = (ROWS, ROWS, 1.0, 0.0, 0.0, 0.0)


def lit(canvas: Array, plate: Plate) -> Lit:
    """Colour and shading of a plate between its half moon and its white; glare counts for little."""
    rows, columns = _SEEN_ROWS, _SEEN
    half, centre = plate.sides(rows)
    across = centre[:, None] + half[:, None] * columns
    where = plate.pixels(across, rows[:, None].repeat(len(columns), 1)) - 0.5
    x0, y0 = np.floor(where.reshape(-1, 2).min(0)).astype(int).clip(0)
    x1, y1 = np.ceil(where.reshape(-1, 2).max(0)).astype(int) + 2
    patch = canvas[y0:y1, x0:x1]
    place = (where - np.array([x0, y0])).astype(np.float32)
    light = linear(
        cv2.remap(patch, place[..., 0], place[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )
    profile = np.percentile(luminance(light), 40, axis=0)
    shade = (_PARABOLA @ profile) / max(float(profile.mean()), 1e-3)
    flat = light / np.clip(np.polyval(shade, columns), *_SHADES)[None, :, None]
    bed = np.percentile(flat.reshape(-1, 3), 40, axis=0).astype(np.float32)
    side = np.array([-plate.ahead[1], plate.ahead[0]], np.float32)
    towards = np.array([0.0, -0.5], np.float32) + side * float(np.clip(2.5 * shade[1], -1, 1))
    return Lit(bed, shade, (towards / max(float(np.hypot(*towards)), 1e-3)).astype(np.float32))
