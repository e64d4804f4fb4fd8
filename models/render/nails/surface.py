"""A nail as a curved surface: where each pixel lies on it and which way it faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.types import Array, Box, Nail

SIDE_TILT, END_TILT = np.radians(48.0), np.radians(16.0)
"""How far a plate has turned away at its sides and at its ends: a transverse arc of some 100 degrees."""
PLATE_UM = 11_000.0  # width of a natural plate, the mean over fingers


@dataclass(frozen=True, slots=True)
class Surface:
    """A nail's pixels within a box, all (h, w, …) float32.

    across: -1 to 1 from side to side; along: 0 at the cuticle, 1 at the natural free edge, more on an extension;
    normal: unit vectors, x to the right, y down, z towards the camera; ahead: (2,) from the cuticle to the tip in the
    photo; width_px, length_px: of the natural plate.
    """

    box: Box
    across: Array
    along: Array
    normal: Array
    ahead: Array
    width_px: float
    length_px: float

    @property
    def side(self) -> Array:
        """(2,) unit vector in the photo to where `across` grows."""
        return np.array([-self.ahead[1], self.ahead[0]], np.float32)

    @property
    def slopes(self) -> tuple[Array, Array]:
        """(h, w) each: the normal's parts along the nail's width and along its length."""
        x, y = self.normal[..., 0], self.normal[..., 1]
        (sx, sy), (ax, ay) = self.side, self.ahead
        return x * sx + y * sy, x * ax + y * ay

    @property
    def micrometres(self) -> tuple[Array, Array]:
        """(h, w) each: place across and along on a plate of the usual width."""
        return self.across * np.float32(PLATE_UM / 2), self.along * np.float32(self.length_px * self.pixel_um)

    @property
    def pixel_um(self) -> float:
        """What a pixel measures on the nail."""
        return PLATE_UM / self.width_px

    @property
    def uv(self) -> Array:
        """(h, w, 2): across and along; a decal's right is the hand's right when the finger points up."""
        both: Array = np.stack([self.across, self.along], axis=-1)
        return both


def surface_of(nail: Nail, box: Box | None = None) -> Surface:
    """The surface of a nail within its mask's box, or within a larger one for what is drawn beyond it."""
    box = box or nail.mask.box
    cuticle, edge = nail.axis.astype(np.float32)
    length = max(float(np.hypot(*(edge - cuticle))), 1.0)
    ahead = (edge - cuticle) / length
    x, y = np.meshgrid(
        np.arange(box.x0, box.x1, dtype=np.float32) + 0.5, np.arange(box.y0, box.y1, dtype=np.float32) + 0.5
    )
    dx, dy = x - cuticle[0], y - cuticle[1]
    along = (dx * ahead[0] + dy * ahead[1]) / length
    across = (dy * ahead[0] - dx * ahead[1]) / (nail.width_px / 2)
    return Surface(box, across, along, _normal(across, along, ahead), ahead, nail.width_px, length)


def _normal(across: Array, along: Array, ahead: Array) -> Array:
    """Normals of a plate that bends about its axis and, less, along it."""
    sideways = np.clip(across, -1.15, 1.15) * np.sin(SIDE_TILT)
    endways = np.clip(2 * along - 1, -1.15, 1.15) * np.sin(END_TILT)
    side = np.array([-ahead[1], ahead[0]], np.float32)
    flat = sideways[..., None] * side + endways[..., None] * ahead
    up = np.sqrt(np.maximum(1 - (flat**2).sum(-1), 0.05))
    normal = np.concatenate([flat, up[..., None]], axis=-1)
    unit: Array = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    return unit
