"""Stones glued onto the polish: each with its shadow, drawn larger and shrunk by area."""

from __future__ import annotations

import cv2
import numpy as np

from looks.art import Arrangement, Cut, Gems
from models.render.light import lay, linear
from models.render.nails.art.accent import Worn
from models.render.nails.art.lamp import lamp
from models.render.nails.art.places import Spot, on_skin, scattered
from models.render.nails.art.stones import outline, shine
from models.render.nails.surface import Surface, surface_of
from models.types import Array, Nail

PLATE_MM = 11.0  # width of a natural nail
APART = 1.12  # stones in a row, of their size
ARC_RADIUS, ARC_DEG, ARC_Y = 0.385, 58.0, 0.50  # of stones along the cuticle, in nail widths
LARGER = 3
COARSE = 3  # pixels between those that are looked at to find where a stone lies
SHADOW, SHADOW_REACH = (
    0.55,
    0.38,
)  # depth of a contact shadow, and how far it fades out, of the stone's half size
THROW = 0.22  # how far it falls away from the light


def set_stones(canvas: Array, nail: Nail, art: Gems, worn: Worn, bare: Array) -> None:
    """Draw the stones of one polished nail. bare: the nail's linear light before it was polished."""
    surface = surface_of(nail)
    light = lamp(bare, surface, nail.mask.alpha)
    half = art.size_mm / PLATE_MM / 2
    x, y = on_skin(surface)
    paint = linear(canvas[nail.mask.box.slices])
    touched = np.zeros(x.shape, np.float32)
    rng = np.random.default_rng((art.seed, worn.seed))
    in_frame = _in_frame(light, surface)
    for spot in _spots(art, worn, surface):
        _shade(paint, touched, x, y, spot, half, in_frame, art.cut)
    for spot in _spots(art, worn, surface):
        _set(paint, touched, x, y, spot, half, in_frame, art.cut, worn.colours[art.colour], rng)
    lay(canvas, nail.mask, paint, (touched > 0) * np.float32(worn.polish.opacity))


def _spots(art: Gems, worn: Worn, surface: Surface) -> list[Spot]:
    aspect, size = surface.length_px / surface.width_px, art.size_mm / PLATE_MM
    x, y, turn = art.x - 0.5, art.y * aspect, float(np.radians(art.angle_deg))
    match art.arrangement:
        case Arrangement.CUTICLE_ARC:
            angles = np.radians(np.linspace(-ARC_DEG, ARC_DEG, art.count)) if art.count > 1 else np.zeros(1)
            return [
                (float(ARC_RADIUS * np.sin(at)), float(ARC_Y - ARC_RADIUS * np.cos(at)), -float(at))
                for at in angles
            ]
        case Arrangement.LINE:
            steps = (np.arange(art.count) - (art.count - 1) / 2) * size * APART
            return [(x + float(step * np.sin(turn)), y + float(step * np.cos(turn)), turn) for step in steps]
        case Arrangement.SCATTER:
            return scattered((x, y), aspect, art.count, size, art.seed * 16 + worn.seed)
        case Arrangement.SINGLE:
            return [(x, y, turn)]


def _in_frame(light: Array, surface: Surface) -> Array:
    """(3,) the light's direction as the nail sees it: to the right, ahead, towards the camera."""
    middle = surface.along.shape[0] // 2, surface.along.shape[1] // 2
    down, right = np.gradient(surface.along[middle[0] - 1 : middle[0] + 1, middle[1] - 1 : middle[1] + 1])
    ahead = np.array((right[0, 0], down[0, 0]), np.float32)
    ahead /= max(float(np.hypot(*ahead)), 1e-6)
    return np.array((light[1] * ahead[0] - light[0] * ahead[1], light[:2] @ ahead, light[2]), np.float32)


def _shade(
    paint: Array, touched: Array, x: Array, y: Array, spot: Spot, half: float, light: Array, cut: Cut
) -> None:
    part = _around(x, y, spot, half * (1 + SHADOW_REACH + THROW))
    if part is None:
        return
    thrown = (spot[0] - THROW * half * float(light[0]), spot[1] - THROW * half * float(light[1]), spot[2])
    a, b = _frame(x[part], y[part], thrown, half)
    depth = SHADOW * np.clip(1 + outline(cut, a, b) / SHADOW_REACH, 0, 1) ** 2
    paint[part] *= (1 - depth)[..., None].astype(np.float32)
    touched[part] = np.maximum(touched[part], depth > 0)


def _set(
    paint: Array,
    touched: Array,
    x: Array,
    y: Array,
    spot: Spot,
    half: float,
    light: Array,
    cut: Cut,
    colour: Array,
    rng: np.random.Generator,
) -> None:
    part = _around(x, y, spot, half * 1.3)
    if part is None:
        return
    size = x[part].shape[1], x[part].shape[0]
    fine = [
        cv2.resize(axis[part], None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_LINEAR) for axis in (x, y)
    ]
    a, b = _frame(fine[0], fine[1], spot, half)
    turned = np.array(
        (
            light[0] * np.cos(spot[2]) - light[1] * np.sin(spot[2]),
            light[0] * np.sin(spot[2]) + light[1] * np.cos(spot[2]),
            light[2],
        ),
        np.float32,
    )
    inside = (outline(cut, a, b) > 0).astype(np.float32)[..., None]
    stone = np.minimum(shine(cut, a, b, turned, colour, rng), 1.0)
    both = cv2.resize(np.concatenate([stone * inside, inside], axis=-1), size, interpolation=cv2.INTER_AREA)
    paint[part] = paint[part] * (1 - both[..., 3:]) + both[..., :3]
    touched[part] = np.maximum(touched[part], both[..., 3] > 0)


def _frame(x: Array, y: Array, spot: Spot, half: float) -> tuple[Array, Array]:
    """Places in the stone's own frame."""
    cos, sin = np.float32(np.cos(spot[2])), np.float32(np.sin(spot[2]))
    right, ahead = (x - np.float32(spot[0])) / half, (y - np.float32(spot[1])) / half
    return right * cos - ahead * sin, right * sin + ahead * cos


def _around(x: Array, y: Array, spot: Spot, reach: float) -> tuple[slice, slice] | None:
    """The part of the box within reach of a spot, a little more on each side; None where there is none."""
    step = COARSE
    reach += step * float(abs(x[0, -1] - x[0, 0]) + abs(x[-1, 0] - x[0, 0])) / min(x.shape)
    near = np.maximum(np.abs(x[::step, ::step] - spot[0]), np.abs(y[::step, ::step] - spot[1])) < reach
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not len(rows):
        return None
    return (
        slice(max(step * (rows[0] - 1), 0), step * (rows[-1] + 1)),
        slice(max(step * (columns[0] - 1), 0), step * (columns[-1] + 1)),
    )
