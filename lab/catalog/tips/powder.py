"""Cheeks and shadows: powder swept over paper, cream smeared on it, and pressed powder in its pans."""

from __future__ import annotations

import cv2
import numpy as np

from lab.catalog.tips.noise import cells, smooth
from lab.catalog.tips.studio import sparkle
from looks.finish import SkinFinish
from looks.layer import Base, Cheeks, Eyes
from looks.material import Material
from models.render.light import encoded
from models.render.sample.studio import LARGER, lit, place, step, table
from models.types import Array

GRAIN_MM = 0.045
PICTURE_MM = 42.0  # across a picture of powder
RIM = np.array((0.30, 0.29, 0.285), np.float32)


def swept(layer: Base | Cheeks, material: Material, side: int, seed: int) -> Array:
    """A brush's sweep of powder, or a finger's smear of cream."""
    size = side * LARGER
    x, y = place(size)
    colour = layer.colours[0].linear.astype(np.float32)
    if isinstance(layer, Base) or layer.finish is SkinFinish.DEWY:
        return encoded(_smear(x, y, colour, material, seed))
    along, across, half = _path(x, y, layer.style)
    bristles = smooth((size, size), 5, seed)
    streaks = _streaks(across / half, along, seed)
    inside = 1 - np.abs(across) / half
    ends = np.minimum(along + 0.86, 0.86 - along) / 0.30
    thick = step(np.minimum(inside * 1.7, ends) - 0.30 + 0.22 * streaks, 0.42)
    dust = step(np.minimum(inside * 1.1, ends) + 0.42 + 0.25 * bristles, 0.5) * 0.5
    grain = smooth((size, size), GRAIN_MM / PICTURE_MM * size * 1.6, seed + 1)
    cover = np.clip(thick * 1.15 + 0.10 * streaks * thick, 0, 1)
    specks = (grain + 0.7 * bristles > 1.75 - 2.2 * dust) * dust
    cover = np.maximum(cover * np.clip(1.02 + 0.16 * grain * (1 - thick), 0, 1), 0.75 * specks)
    height = cv2.GaussianBlur(0.006 * streaks * thick, (0, 0), 2.5) + 0.0022 * grain
    light = _lit_powder(colour, height, material, seed, x, y)
    paper = table(0.35 * cover.astype(np.float32))
    return encoded(paper + (light - paper) * cover[..., None])


def _path(x: Array, y: Array, style: str) -> tuple[Array, Array, Array | float]:
    """Along and across the sweep of this product, and half its width."""
    turn = {"contour": -0.95, "bronzer": -0.30}.get(style, -0.62)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    match style:
        case "contour":
            return along, across, 0.20 + 0.05 * along
        case "bronzer":
            return along, across + 0.34 * along**2 - 0.12, 0.36
        case "highlighter":
            return along, across - 0.42 * along**2 + 0.14, np.maximum(0.27 * (1 - 0.75 * along**2), 0.04)
        case _:
            return along, across, 0.50 * np.sqrt(np.clip(1 - (along / 1.02) ** 2, 0.02, 1))


def _streaks(across: Array, along: Array, seed: int) -> Array:
    """(h, w) what bristles leave: lines along the sweep, about 0, to 1."""
    line = smooth((1, 2048), 14, seed)[0] * 0.6 + smooth((1, 2048), 5, seed + 7)[0] * 0.4
    place_on = np.clip((across + 1.6 + 0.03 * np.sin(3 * along)) / 3.2 * 2047, 0, 2047)
    found: Array = np.interp(place_on, np.arange(2048), line).astype(np.float32)
    return found * 0.5


def _lit_powder(colour: Array, height: Array, material: Material, seed: int, x: Array, y: Array) -> Array:
    """(h, w, 3) powder in the studio's light, with its shimmer."""
    down, right = np.gradient(height, 2 / len(height))
    normal = np.stack((-right, -down, np.ones_like(right)), axis=-1)
    normal = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    shade = lit(normal)
    light = colour * (shade / float(np.median(shade)))[..., None]
    if material.flake_density:
        found = cells(x * PICTURE_MM / 2, y * PICTURE_MM / 2, 0.17, seed)
        flash = sparkle(normal, found.tilt * 0.42, 22)
        sheen = np.exp(-((0.55 * x + 0.75 * y + 0.18) ** 2) / 0.22)
        shine = np.sqrt(colour) * 0.75 + 0.25
        there = (found.chance < material.flake_density) * found.edge
        strength = there * (0.30 + 0.45 * material.metalness) * (0.35 + 0.9 * sheen)
        light = light * (1 + 0.40 * material.metalness * (sheen - 0.4))[..., None]
        light = light + (shine * (0.35 + 1.9 * flash)[..., None] - light) * strength[..., None]
    found_light: Array = np.maximum(light, 0)
    return found_light


def _smear(x: Array, y: Array, colour: Array, material: Material, seed: int) -> Array:
    """(h, w, 3) a finger's smear: thick and wet where it began, thinning out."""
    along, across = x * np.cos(-0.5) + y * np.sin(-0.5), y * np.cos(-0.5) - x * np.sin(-0.5)
    streaks = _streaks(across / 0.5, along, seed)
    width = 0.40 - 0.10 * along + 0.03 * np.sin(5 * along)
    outline = np.minimum(1 - np.abs(across) / width, (along + 0.74) / 0.42)
    ragged = np.minimum(outline, (0.74 - along) / 0.5 + 0.55 * streaks)
    cover = step(ragged - 0.10, 0.10)
    thick = step(ragged - 0.12, 0.5) * (1 - 0.55 * step(along, 0.8))
    height = cv2.GaussianBlur((0.11 * thick * (1 + 0.35 * streaks)).astype(np.float32), (0, 0), 4)
    down, right = np.gradient(height, 2 / len(height))
    normal = np.stack((-right, -down, np.full_like(right, 0.75)), axis=-1)
    normal = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    shade = lit(normal)
    light = colour * (shade / float(np.median(shade[cover > 0.9])))[..., None]
    wet = sparkle(normal, np.zeros((*x.shape, 2), np.float32), 70)
    light += (0.75 * material.clear_coat * wet)[..., None]
    paper = table((0.75 * cover).astype(np.float32))
    opaque = cover * (0.72 + 0.28 * thick)
    found: Array = paper + (light - paper) * opaque[..., None]
    return found


def pans(layer: Eyes, material: Material, side: int, seed: int) -> Array:
    """Pressed shadows in round pans, in the order of the layer."""
    size = side * LARGER
    x, y = place(size)
    scene: Array | None = None
    for number, (middle_x, middle_y, radius) in enumerate(_layout(len(layer.colours))):
        dx, dy = x - middle_x, y - middle_y
        away = np.hypot(dx, dy)
        pan = np.clip(0.5 + (radius - away) * size / 2, 0, 1).astype(np.float32)
        ground = table(pan) if scene is None else scene * (table(pan) / table(np.zeros_like(pan)))
        rim = (
            RIM
            * (1.0 + 1.1 * np.clip((-dx - dy) / radius, -1, 1) * step(away - 0.9 * radius, 0.05))[..., None]
        )
        scene = ground + (rim - ground) * pan[..., None]
        cake = np.clip(0.5 + (0.915 * radius - away) * size / 2, 0, 1)
        height = _embossed(dx / radius, dy / radius, seed + number) * 0.05 * radius
        light = _lit_powder(
            layer.colours[number].linear.astype(np.float32), height, material, seed + number, dx, dy
        )
        hollow = 1 - 0.42 * step(away - 0.86 * radius, 0.06) * step(-dx - dy, 1.0)
        scene = scene + (light * hollow[..., None] - scene) * cake[..., None]
    assert scene is not None
    return encoded(scene)


def _layout(count: int) -> list[tuple[float, float, float]]:
    """Middle and radius of each pan."""
    match count:
        case 1:
            return [(0.0, 0.0, 0.66)]
        case 2:
            return [(-0.42, -0.06, 0.40), (0.42, 0.06, 0.40)]
        case 3:
            return [(-0.43, -0.30, 0.39), (0.43, -0.30, 0.39), (0.0, 0.44, 0.39)]
        case 4:
            return [(dx, dy, 0.385) for dy in (-0.42, 0.42) for dx in (-0.42, 0.42)]
        case _:
            top = [(dx, -0.34, 0.29) for dx in (-0.62, 0.0, 0.62)]
            return [*top, *((dx, 0.32, 0.29) for dx in (-0.31, 0.31))][:count]


def _embossed(x: Array, y: Array, seed: int) -> Array:
    """(h, w) what the press left: fine linen, and a sunburst."""
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    linen = np.sin(x * 70) * np.sin(y * 70) * 0.10
    rays = np.abs(np.sin(angle * 9)) * step(radius - 0.20, 0.03) * step(0.74 - radius, 0.03)
    ring = np.exp(-(((radius - 0.80) / 0.02) ** 2)) + np.exp(-(((radius - 0.15) / 0.02) ** 2))
    grain = 0.05 * smooth(x.shape, 3, seed)
    found: Array = (
        cv2.GaussianBlur((linen + 0.75 * rays + 0.8 * ring).astype(np.float32), (0, 0), 1.5) + grain
    )
    return found
