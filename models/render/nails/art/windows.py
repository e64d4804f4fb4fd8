"""Small squares of a nail's box, one about each of several spots, looked at more finely than pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.render.nails.surface import SIDE_TILT, Surface
from models.types import Array

Part = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Windows:
    """n squares of so many pixels, each pixel parted `larger` times both ways.

    spots: (n, 3) x, y and turn; origins: (n, 2) column and row of the first pixel; x, y: (n, h, w) places on the nail's
    skin, in nail widths.
    """

    spots: Array
    origins: Array
    pixels: int
    larger: int
    x: Array
    y: Array

    @classmethod
    def about(cls, spots: Array, reach: float, surface: Surface, larger: int) -> Windows:
        """Squares that reach so many nail widths about each spot."""
        aspect, tilt = surface.length_px / surface.width_px, float(np.sin(SIDE_TILT))
        first = np.array((surface.across[0, 0], surface.along[0, 0]))
        step = np.array(  # of across and along, for a pixel to the right and one down
            [[part[0, 1] - part[0, 0], part[1, 0] - part[0, 0]] for part in (surface.across, surface.along)]
        )
        flat = np.stack([np.sin(2 * tilt * spots[:, 0]) / tilt, spots[:, 1] / aspect], axis=-1)
        middles = (flat - first) @ np.linalg.inv(step).T
        pixels = int(np.ceil(2 * reach * surface.width_px)) + 2
        origins = np.round(middles - (pixels - 1) / 2).astype(int)
        fine = (np.arange(pixels * larger) + 0.5) / larger - 0.5
        column, row = origins[:, 0, None, None] + fine, origins[:, 1, None, None] + fine[:, None]
        across = first[0] + step[0, 0] * column + step[0, 1] * row
        along = first[1] + step[1, 0] * column + step[1, 1] * row
        x = np.arcsin(np.clip(across, -1.15, 1.15) * tilt) / (2 * tilt)
        return cls(spots, origins, pixels, larger, x.astype(np.float32), (along * aspect).astype(np.float32))

    def frames(self, half: float) -> tuple[Array, Array]:
        """(n, h, w) to the right and ahead in each spot's own frame, 1 at `half` nail widths."""
        x, y, turn = (self.spots[:, axis, None, None] for axis in range(3))
        right, ahead = (self.x - x) / half, (self.y - y) / half
        return right * np.cos(turn) - ahead * np.sin(turn), right * np.sin(turn) + ahead * np.cos(turn)

    def onto(self, shape: tuple[int, ...], values: Array) -> Iterator[tuple[Part, Array]]:
        """Where each square lies in a box of this shape, and its values (n, h, w, c) there, averaged over pixels."""
        side, larger = self.pixels, self.larger
        averaged = values.reshape(len(values), side, larger, side, larger, -1).mean(axis=(2, 4))
        for (left, top), one in zip(self.origins, averaged, strict=True):
            rows, columns = (
                (max(top, 0), min(top + side, shape[0])),
                (max(left, 0), min(left + side, shape[1])),
            )
            if rows[0] < rows[1] and columns[0] < columns[1]:
                inner = one[rows[0] - top : rows[1] - top, columns[0] - left : columns[1] - left]
                yield (slice(*rows), slice(*columns)), inner
