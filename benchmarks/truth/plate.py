"""A curved nail on a fingertip over a table: where things are and which way they face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from looks.finger import Finger
from models.types import Array, Box, Mask, Nail

HEIGHT, WIDTH = 230, 200
HALF_WIDTH, HALF_LENGTH = 35.0, 52.0  # of the plate, pixels
PX_PER_MM = 2 * HALF_WIDTH / 12.0
CORNERS = 2.6  # exponent of the outline: 2 an ellipse, more a rounder rectangle
FINGER = 1.34  # half width of the finger over that of the nail
MARGIN_PX = 4


@dataclass(frozen=True, slots=True)
class Plate:
    """All (h, w, …) of the whole picture. across, along: -1 to 1, along grows to the free edge; cover: soft share of
    nail; skin: soft share of finger; nail_normal, skin_normal: unit vectors, x right, y down, z to the camera; nail:
    the exact mask and axis as a Scan holds them."""

    across: Array
    along: Array
    cover: Array
    skin: Array
    nail_normal: Array
    skin_normal: Array
    nail: Nail

    @property
    def inside(self) -> Array:
        """Bool: where the nail covers half of a pixel or more."""
        half: Array = self.cover >= 0.5
        return half


def plate(arc_deg: float = 96.0, turn_deg: float = 0.0) -> Plate:
    """A plate with this transverse arc, its free edge turned clockwise from straight up."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    turn = np.radians(turn_deg)
    ahead, side = np.array([np.sin(turn), -np.cos(turn)]), np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([WIDTH / 2, HEIGHT * 0.46])
    dx, dy = x - middle[0], y - middle[1]
    across = (dx * side[0] + dy * side[1]) / HALF_WIDTH
    along = (dx * ahead[0] + dy * ahead[1]) / HALF_LENGTH
    radius = np.abs(across) ** CORNERS + np.abs(along) ** CORNERS
    cover = np.clip((1 - radius) * 14 + 0.5, 0, 1)
    lean = np.sin(np.radians(arc_deg / 2))
    nail_normal = _normal(lean * np.clip(across, -1, 1), 0.20 * np.clip(along, -1, 1), side, ahead)
    out = across / FINGER
    tip = np.clip((along - 0.55) / 0.75, 0, 1.2)
    skin = np.clip((1 - (out**2 + tip**2)) * 12 + 0.5, 0, 1)
    skin_normal = _normal(0.95 * np.clip(out, -1, 1), 0.8 * np.clip(tip, 0, 1), side, ahead)
    return Plate(across, along, cover, skin, nail_normal, skin_normal, _nail(cover, middle, ahead))


def _normal(sideways: Array, endways: Array, side: Array, ahead: Array) -> Array:
    flat = sideways[..., None] * side + endways[..., None] * ahead
    up = np.sqrt(np.maximum(1 - (flat**2).sum(-1), 0.04))
    both = np.concatenate([flat, up[..., None]], axis=-1)
    unit: Array = both / np.linalg.norm(both, axis=-1, keepdims=True)
    return unit


def _nail(cover: Array, middle: Array, ahead: Array) -> Nail:
    rows, columns = np.nonzero(cover > 0)
    box = Box(
        int(columns.min()) - MARGIN_PX,
        int(rows.min()) - MARGIN_PX,
        int(columns.max()) + 1 + MARGIN_PX,
        int(rows.max()) + 1 + MARGIN_PX,
    )
    alpha = np.round(cover[box.slices] * 255).astype(np.uint8)
    axis = np.array([middle - HALF_LENGTH * ahead, middle + HALF_LENGTH * ahead], np.float32)
    return Nail(Mask(alpha, box), axis, 2 * HALF_WIDTH, 1.0, None, Finger.INDEX)
