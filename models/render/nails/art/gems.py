"""Stones glued onto the polish: each with its shadow, drawn larger and shrunk by area."""

from __future__ import annotations

import numpy as np

from looks.art import Arrangement, Gems
from models.render.light import lay, linear
from models.render.nails.art.accent import Worn
from models.render.nails.art.lamp import lamp
from models.render.nails.art.places import Spot, scattered
from models.render.nails.art.stones import outline, shine
from models.render.nails.art.windows import Windows
from models.render.nails.surface import Surface, surface_of
from models.types import Array, Nail

PLATE_MM = 11.0  # width of a natural nail
APART = 1.12  # stones in a row, of their size
ARC_RADIUS, ARC_DEG, ARC_Y = 0.385, 58.0, 0.50  # of stones along the cuticle, in nail widths
LARGER = 3
SHADOW, SHADOW_REACH = (
    0.55,
    0.38,
)  # depth of a contact shadow, and how far it fades out, of the stone's half size
THROW = 0.22  # how far it falls away from the light


def set_stones(canvas: Array, nail: Nail, art: Gems, worn: Worn, bare: Array) -> None:
    """Draw the stones of one polished nail. bare: the nail's linear light before it was polished."""
    surface = surface_of(nail)
    if min(surface.along.shape) < 2:
        return
    spots = np.array(_spots(art, worn, surface), np.float32)
    half = art.size_mm / PLATE_MM / 2
    light = _in_frames(lamp(bare, surface, nail.mask.alpha), spots[:, 2], surface)
    paint = linear(canvas[nail.mask.box.slices])
    touched = np.zeros(paint.shape[:2], np.float32)

    shadows = Windows.about(spots, half * (1 + SHADOW_REACH + THROW), surface, 1)
    a, b = shadows.frames(half)
    near = 1 + outline(art.cut, a + THROW * light[0], b + THROW * light[1]) / SHADOW_REACH
    depth = SHADOW * np.clip(near, 0, 1) ** 2
    for part, shade in shadows.onto(touched.shape, depth[..., None]):
        paint[part] *= 1 - shade
        touched[part] = np.maximum(touched[part], shade[..., 0])

    stones = Windows.about(spots, half * 1.02, surface, LARGER)
    a, b = stones.frames(half)
    rng = np.random.default_rng((art.seed, worn.seed))
    inside = (outline(art.cut, a, b) > 0).astype(np.float32)[..., None]
    lit = np.minimum(shine(art.cut, a, b, light, worn.colours[art.colour], rng), 1.0)
    for part, stone in stones.onto(touched.shape, np.concatenate([lit * inside, inside], axis=-1)):
        paint[part] = paint[part] * (1 - stone[..., 3:]) + stone[..., :3]
        touched[part] = np.maximum(touched[part], stone[..., 3])
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


def _in_frames(light: Array, turns: Array, surface: Surface) -> Array:
    """(3, n, 1, 1) the light's direction as each stone sees it: to its right, ahead of it, towards the camera."""
    ahead = np.array((surface.along[0, 1] - surface.along[0, 0], surface.along[1, 0] - surface.along[0, 0]))
    ahead /= max(float(np.hypot(*ahead)), 1e-9)
    right, forward = light[1] * ahead[0] - light[0] * ahead[1], float(light[:2] @ ahead)
    cos, sin = np.cos(turns), np.sin(turns)
    seen = np.stack([right * cos - forward * sin, right * sin + forward * cos, np.full_like(cos, light[2])])
    frames: Array = seen[..., None, None].astype(np.float32)
    return frames
