"""A nail tip with any material or art on it."""

from __future__ import annotations

import numpy as np

from lab.catalog.tips.surface import Surface
from looks.shape import NailShape
from models.render.light import encoded, linear
from models.render.sample.studio import step
from models.render.sample.tip import ARCH_DEG, BOW_DEG, TILT_DEG, Tip, bare_tip
from models.render.shading import place_on_nail
from models.types import Array

NAIL_MM = 11.5  # width of a nail


class Plate:
    """The tip of one shape and length, ready to be painted.

    v, u: (h, w) -1 to 1 across and 0 at the cuticle to 1 at the free edge; aspect: length over width.
    """

    def __init__(self, shape: NailShape, length: float, side: int) -> None:
        self._tip: Tip = bare_tip(shape, length, side)
        nail = self.nail = self._tip.nail
        self.box = nail.mask.box
        self.alpha = nail.mask.alpha.astype(np.float32) / 255
        self.v, self.u = (part.astype(np.float32) for part in place_on_nail(nail))
        self.v = -self.v if self._mirrored() else self.v
        self.aspect = float(np.hypot(*(nail.axis[1] - nail.axis[0])) / nail.width_px)
        ground = linear(self._tip.rgb[self.box.slices])
        mm = NAIL_MM / nail.width_px
        y, x = np.mgrid[: self.box.shape[0], : self.box.shape[1]].astype(np.float32) * mm
        self.surface = Surface(self._normal(), x, y, ground, self.alpha > 0.9, self._gloss())

    def _mirrored(self) -> bool:
        """Whether v grows to the left."""
        return bool(self.v[self.v.shape[0] // 2, -1] < self.v[self.v.shape[0] // 2, 0])

    def _normal(self) -> Array:
        turn = np.deg2rad(TILT_DEG)
        arch = np.deg2rad(ARCH_DEG) * np.clip(self.v, -1, 1)
        bow = np.deg2rad(BOW_DEG) * (0.45 - self.u)
        side, up, towards = np.sin(arch), np.sin(bow), np.cos(arch) * np.cos(bow)
        normal = np.stack(
            (np.cos(turn) * side - np.sin(turn) * up, np.sin(turn) * side + np.cos(turn) * up, towards),
            axis=-1,
        )
        unit: Array = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
        return unit

    def _gloss(self) -> Array:
        """(h, w) a long softbox on the left and a glint on the right, as on every tip."""
        v, u = self.v, self.u
        box = step(0.13 - np.abs(v + 0.46 - 0.05 * u), 0.055) * step(u - 0.17, 0.10) * step(0.84 - u, 0.13)
        glint = step(0.035 - np.abs(v - 0.76), 0.05) * step(u - 0.25, 0.18) * step(0.74 - u, 0.2)
        gloss: Array = 0.50 * box + 0.15 * glint
        return gloss

    def finished(self, light: Array) -> Array:
        """The canvas with this light on the plate, its rim darker where lacquer thins out."""
        canvas = self._tip.rgb.copy()
        window = canvas[self.box.slices]
        ground = linear(window)
        covered = ground + (light - ground) * self.alpha[..., None]
        np.copyto(window, encoded(covered), where=self.alpha[..., None] > 0)
        return canvas

    @property
    def frame(self) -> float:
        """Share of the canvas that shows the tip with a margin."""
        return min(1.0, max(self.box.shape) / (self._tip.rgb.shape[0]) * 1.22)
