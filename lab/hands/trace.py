"""Sphere tracing of one hand seen straight from above, tile by tile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from lab.hands.anatomy import Skeleton
from lab.hands.solid import Columns, Near, Patch
from models.types import Array

TILE = 64
COARSE = 4
_STEPS = 72
_HIT = 0.02

Tile = tuple[Patch, tuple[Array, Array], Array, Array]


@dataclass(frozen=True)
class Surface:
    """What the camera sees of one hand. height: (h, w) mm over the ground, -inf where it is not; normal: (h, w, 3);
    digit: int8, -1 none, 0 palm, 1 thumb .. 5 little; nail: int8, 0 none; openness: 0 in a crevice .. 1 free."""

    height: Array
    normal: Array
    digit: Array
    nail: Array
    openness: Array


def trace(hand: Skeleton, shape: tuple[int, int], scale: float) -> Surface:
    """Render a placed hand; shape in pixels, scale in pixels per mm, pixel (0, 0)'s corner at the origin."""
    near = Near(hand)
    start = _starts(near, shape, scale)
    height = np.full(shape, -np.inf, np.float32)
    normal = np.zeros((*shape, 3), np.float32)
    digit = np.full(shape, -1, np.int8)
    nail = np.zeros(shape, np.int8)
    openness = np.ones(shape, np.float32)
    for patch, place, x, y in _tiles(near, shape, scale, start > -np.inf):
        hit, z = _march(patch, x, y, start[place])
        if not hit.any():
            continue
        place = place[0][hit], place[1][hit]
        x, y, z = x[hit], y[hit], z[hit]
        height[place] = z
        digit[place], nail[place] = Columns(patch, x, y).owners(z)
        n = _normal(patch, x, y, z)
        normal[place] = n
        openness[place] = _openness(patch, x, y, z, n)
    return Surface(height, normal, digit, nail, openness)


def _tiles(near: Near, shape: tuple[int, int], scale: float, wanted: Array) -> Iterator[Tile]:
    """The wanted pixels, tile by tile, with what lies near each tile and the pixels' places in mm."""
    for top in range(0, shape[0], TILE):
        for left in range(0, shape[1], TILE):
            rows, cols = np.nonzero(wanted[top : top + TILE, left : left + TILE])
            if not rows.size:
                continue
            rows, cols = rows + top, cols + left
            middle = np.array((left, top)) + TILE / 2
            patch = near.patch(float(middle[0]) / scale, float(middle[1]) / scale, TILE / scale * 0.71 + 1)
            if patch.palm or patch.digits:
                x, y = (cols + 0.5) / scale, (rows + 0.5) / scale
                yield patch, (rows, cols), x.astype(np.float32), y.astype(np.float32)


def _starts(near: Near, shape: tuple[int, int], scale: float) -> Array:
    """(h, w) heights just over the surface, from a march of one ray in COARSE x COARSE; -inf where nothing is near."""
    small = -(-shape[0] // COARSE), -(-shape[1] // COARSE)
    found = np.full(small, -np.inf, np.float32)
    for patch, place, x, y in _tiles(near, small, scale / COARSE, np.ones(small, bool)):
        hit, z = _march(patch, x, y, np.full(x.shape, patch.top, np.float32))
        found[place] = np.where(hit, z, -np.inf)
    border = cv2.BORDER_REPLICATE  # the default border is finite and would count as a height
    over = cv2.dilate(found, np.ones((3, 3), np.uint8), borderType=border) + np.float32(0.3)
    return np.repeat(np.repeat(over, COARSE, axis=0), COARSE, axis=1)[: shape[0], : shape[1]]


def _march(patch: Patch, x: Array, y: Array, start: Array) -> tuple[Array, Array]:
    """Walk down from the start heights; returns which columns meet the hand and where."""
    z = start.copy()
    height = z.copy()
    hit = np.zeros(x.shape, bool)
    live = np.arange(x.size)
    columns = Columns(patch, x, y)
    for step in range(_STEPS):
        d = columns.distance(z)
        z = z - 0.9 * d
        struck = np.abs(d) < _HIT
        done = struck | (z < patch.floor)
        if 6 * np.count_nonzero(done) > done.size or step % 8 == 7:
            height[live[struck]] = z[struck]
            hit[live[struck]] = True
            if done.all():
                break
            live, z = live[~done], z[~done]
            columns = Columns(patch, x[live], y[live])
    return hit, height


def _normal(patch: Patch, x: Array, y: Array, z: Array) -> Array:
    """Gradient of the distance by forward differences."""
    eps = np.float32(0.1)
    here = Columns(patch, x, y)
    base, up = here.distance(z), here.distance(z + eps)
    right = Columns(patch, x + eps, y).distance(z)
    down = Columns(patch, x, y + eps).distance(z)
    slope = np.stack([right - base, down - base, up - base], axis=1)
    normal: Array = slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-6)
    return normal


def _openness(patch: Patch, x: Array, y: Array, z: Array, n: Array) -> Array:
    """Near ambient occlusion: how much nearer the surface is than it would be over a plane (Evans 2006)."""
    closed = np.zeros(x.size, np.float32)
    for reach, weight in ((0.8, 0.45), (3.5, 0.55)):
        px, py = x + n[:, 0] * reach, y + n[:, 1] * reach
        d = Columns(patch, px, py).distance(z + n[:, 2] * reach)
        closed += weight * np.clip(1 - d / reach, 0, 1)
    return 1 - np.clip(closed, 0, 1)
