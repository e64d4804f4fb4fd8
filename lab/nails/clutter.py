"""Pictures and things without a nail: textures, and glossy shapes of a nail's size."""

from __future__ import annotations

import cv2
import numpy as np

from lab.nails.augment import Rng
from models.types import Array


def texture(size: int, rng: Rng) -> Array:
    """(size, size, 3) uint8: noise of several grains between two or three colours, sometimes with stripes."""
    field = np.zeros((size, size), np.float32)
    for octave in range(int(rng.integers(2, 7))):
        cells = min(size, int(2 ** (octave + 1) * rng.uniform(1, 2)))
        shape = (cells, max(2, int(cells * rng.choice([1.0, 0.15, 3.0]))))
        grid = rng.standard_normal((min(shape[0], size), min(shape[1], size))).astype(np.float32)
        field += cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC) * rng.uniform(0.3, 1.0)
    if rng.random() < 0.4:
        y, x = np.mgrid[:size, :size].astype(np.float32) / size
        angle = rng.uniform(0, np.pi)
        field += 2 * np.sin((x * np.cos(angle) + y * np.sin(angle)) * rng.uniform(10, 160))
    share = 1 / (1 + np.exp(-field * rng.uniform(0.5, 4)))
    dark, light = (rng.integers(0, 256, 3).astype(np.float32) for _ in range(2))
    if rng.random() < 0.4:
        light = np.clip(dark + rng.normal(0, 40, 3), 0, 255).astype(np.float32)
    out: Array = (dark + share[..., None] * (light - dark)).astype(np.uint8)
    return out


def strewn(rgb: Array, rng: Rng) -> None:
    """Lay coins, stones, beads, buttons and screens on a picture, in place."""
    size = min(rgb.shape[:2])
    for _ in range(int(rng.integers(1, 10))):
        long = int(size * rng.uniform(0.03, 0.25))
        short = max(4, int(long * rng.choice([1.0, rng.uniform(0.35, 1.0)])))
        x, y = rng.integers(0, rgb.shape[1]), rng.integers(0, rgb.shape[0])
        _lay(rgb, (int(x), int(y)), (max(4, long), short), float(rng.uniform(0, 360)), rng)


def _lay(rgb: Array, at: tuple[int, int], axes: tuple[int, int], angle: float, rng: Rng) -> None:
    reach = int(1.5 * max(axes)) + 4
    box = (slice(max(0, at[1] - reach), at[1] + reach), slice(max(0, at[0] - reach), at[0] + reach))
    part = rgb[box].astype(np.float32)
    if not part.size:
        return
    centre = (at[0] - box[1].start, at[1] - box[0].start)
    cover: Array = np.zeros(part.shape[:2], np.float32)
    if rng.random() < 0.7:
        cv2.ellipse(cover, centre, axes, angle, 0, 360, (1.0,), -1, cv2.LINE_AA)
    else:
        corners = cv2.boxPoints((centre, (2.0 * axes[0], 2.0 * axes[1]), angle))
        cv2.fillPoly(cover, [np.round(corners).astype(np.int32)], (1.0,), cv2.LINE_AA)
    inner = cv2.GaussianBlur(cover, (0, 0), max(1.0, axes[1] / 3))
    base = rng.integers(0, 256, 3).astype(np.float32)
    body = base * (rng.uniform(0.3, 1.0) + inner[..., None] * rng.uniform(-0.4, 0.7))
    if rng.random() < 0.4:
        grain = texture(max(8, *part.shape[:2]), rng)[: part.shape[0], : part.shape[1]]
        body += (grain - 128.0) * rng.uniform(0.1, 0.6)
    if rng.random() < 0.5:
        spot = np.zeros_like(cover)
        shift = (np.array(centre) + rng.normal(0, axes[1] * 0.3, 2)).astype(int)
        cv2.circle(spot, (int(shift[0]), int(shift[1])), max(1, axes[1] // 4), (1.0,), -1)
        body += 200 * cv2.GaussianBlur(spot, (0, 0), max(0.7, axes[1] / 10))[..., None]
    shadow = cv2.GaussianBlur(np.roll(cover, (2, 2), (0, 1)), (0, 0), 3)[..., None]
    part *= 1 - 0.4 * shadow * (rng.random() < 0.7)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7)[..., None]
    rgb[box] = np.clip(part + cover * (body - part), 0, 255).astype(np.uint8)
