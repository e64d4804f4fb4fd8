"""Other hair on the same heads, other places behind them, and heads without hair.

All work in place on rgb (s, s, 3) uint8 and hair (s, s) uint8, 0 to 255.
"""

from __future__ import annotations

import cv2
import numpy as np

from lab import melanin
from lab.hair import shapes, strands
from lab.hair.shapes import Head
from models.types import Array

Rng = np.random.Generator

DARKENED = 1.6
"""Of the melanin that deeper skin gets, what hair gets with it."""


def pattern(tiles: Array, side: int, scale: float, rng: Rng) -> Array:
    """(s, s) float32 light and shade of one tile, about 1, at a scale (tile pixels a picture pixel) and any place."""
    tile = tiles[int(rng.integers(len(tiles)))]
    angle = rng.normal(0, 0.35) if rng.random() < 0.7 else rng.uniform(-np.pi, np.pi)
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    move = np.array([[c, -s, rng.uniform(0, 256)], [s, c, rng.uniform(0, 256)]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(tile, move, (side, side), flags=flags, borderMode=cv2.BORDER_WRAP)
    return out.astype(np.float32) / 128


def ragged(cover: Array, amount: float, tiles: Array, rng: Rng) -> Array:
    """The same shape with the outline of hair: frayed over this many pixels."""
    side = cover.shape[0]
    soft = cv2.GaussianBlur(cover, (0, 0), max(0.6, amount)).astype(np.float32) / 255
    noise = pattern(tiles, side, rng.uniform(0.5, 1.5), rng)
    out: Array = (np.clip((soft + 0.3 * (noise - 1) - 0.5) * 2.5 + 0.5, 0, 1) * 255).astype(np.uint8)
    return out


def dyed(rgb: Array, hair: Array, rng: Rng) -> None:
    """The hair that is there in another colour, its own light and shade kept, or with the structure of a tile."""
    covered = hair > 127
    if not covered.any():
        return
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    light = grey / max(float(grey[covered].mean()), 8.0)
    _painted(rgb, hair, strands.colour(rng), np.clip(light, 0.2, 3.0) ** rng.uniform(0.6, 1.3))


def structured(rgb: Array, hair: Array, tiles: Array, size: float, rng: Rng) -> None:
    """Strands over the hair that is there, in its own or another colour."""
    covered = hair > 127
    if not covered.any():
        return
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    soft = cv2.GaussianBlur(grey, (0, 0), max(1.0, size * 0.04)).astype(np.float32)
    light = np.clip(soft / max(float(soft[covered].mean()), 8.0), 0.3, 2.5)
    own = rng.random() < 0.4
    colour = rgb[covered].mean(0).astype(np.float32) if own else strands.colour(rng)
    _painted(rgb, hair, colour, light * pattern(tiles, len(rgb), _scale(size, rng), rng))


def grown(rgb: Array, hair: Array, head: Head, tiles: Array, rng: Rng) -> bool:
    """Other hair on this head; returns whether the face is hidden now."""
    side = len(rgb)
    kind = rng.random()
    hidden: bool = False
    shade: Array | None = None
    if kind < 0.4:
        cover, hidden = shapes.behind(head, side, rng), True
    elif kind < 0.6:
        cover = shapes.around_face(head, side, rng)
    elif kind < 0.85:
        cover, shade = shapes.locks(head, side, rng)
        x, y = np.clip(head.oval.mean(0).astype(int), 0, side - 1)
        hidden = bool(cover[y, x])
    else:
        cover = shapes.bun(head, side, rng)
    fray = head.size * rng.uniform(0.01, 0.05)
    cover = ragged(cover, fray, tiles, rng) if shade is None else cover
    union = np.maximum(cover, hair) if rng.random() < 0.8 else cover
    gloss = 1 + rng.uniform(0, 0.5) * _bands(head, side, rng)
    inner = cv2.GaussianBlur(union, (0, 0), max(1.0, head.size * 0.15)).astype(np.float32) / 255
    light = gloss * (0.55 + 0.5 * inner) * pattern(tiles, side, _scale(head.size, rng), rng)
    if shade is not None:
        light = light * (shade.astype(np.float32) / 128)
    _painted(rgb, union, strands.colour(rng), light)
    np.maximum(hair, union, out=hair)
    return hidden


def covered(rgb: Array, hair: Array, head: Head, tiles: Array, rng: Rng) -> None:
    """A hat, scarf or turban: what it covers is no hair."""
    side = len(rgb)
    cover = (shapes.hat if rng.random() < 0.6 else shapes.scarf)(head, side, rng)
    kind = rng.random()
    if kind < 0.35:
        cloth = np.roll(rgb, tuple(rng.integers(side // 4, 3 * side // 4, 2)), (0, 1)).astype(np.float32)
    else:
        cloth = np.broadcast_to(rng.uniform(10, 245, 3).astype(np.float32), rgb.shape)
        if rng.random() < 0.12:
            cloth = np.broadcast_to(strands.colour(rng), rgb.shape)
    folds = cv2.GaussianBlur(pattern(tiles, side, rng.uniform(0.2, 1.0), rng), (0, 0), rng.uniform(1.5, 5))
    inner = cv2.GaussianBlur(cover, (0, 0), max(1.0, head.size * 0.12)).astype(np.float32) / 255
    light = (0.5 + 0.6 * inner) * (1 + rng.uniform(0, 1) * (folds - 1))
    _painted(rgb, cover, cloth, light)
    np.minimum(hair, 255 - cover, out=hair)


def shaved(rgb: Array, hair: Array, head: Head) -> None:
    """A bald head, where all the hair lies on the skull."""
    side = len(rgb)
    skull = shapes.skull(head, side)
    if (hair > 127).sum() > 1.25 * ((hair > 127) & (skull > 127)).sum() + 4:
        return
    face = head.face(side, 0.65)
    if not (face > 127).any():
        return
    skin = np.median(rgb[face > 127], axis=0).astype(np.float32)
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), max(1.0, head.size * 0.1))
    own = grey.astype(np.float32) / max(float(np.median(grey[hair > 127])) if (hair > 127).any() else 128, 8)
    cover = np.maximum(hair, ((hair > 20) * 255).astype(np.uint8))
    cover = cv2.GaussianBlur(cv2.dilate(cover, np.ones((3, 3), np.uint8)), (0, 0), 1.0)
    inner = cv2.GaussianBlur(skull, (0, 0), max(1.0, head.size * 0.12)).astype(np.float32) / 255
    _painted(rgb, cover, skin, (0.65 + 0.4 * inner) * np.clip(own, 0.7, 1.3) ** 0.5)
    hair[:] = 0


def deepened(rgb: Array, hair: Array, head: Head, rng: Rng) -> None:
    """The same head with deeper skin, and mostly with the dark hair that goes with it."""
    tone = melanin.skin_of(rgb, (head.face(len(rgb), 0.65) > 127) & (hair < 20))
    if tone is None:
        return
    melanin.deepened(rgb, hair > 64, DARKENED if rng.random() < 0.7 else 0.0, tone, rng)


def placed_elsewhere(rgb: Array, person: Array, ground: Array) -> None:
    """The person, where the person net sees one, before another ground of the same size."""
    alpha = (person.astype(np.float32) / 255)[..., None]
    rgb[:] = (rgb * alpha + ground * (1 - alpha)).astype(np.uint8)


def _scale(size: float, rng: Rng) -> float:
    """Tile pixels a picture pixel, so that a tile spans from half a face to two."""
    return float(np.clip(strands.TILE / (size * rng.uniform(0.6, 2.5)), 0.35, 5))


def _bands(head: Head, side: int, rng: Rng) -> Array:
    """Gloss that runs around a head."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    far = np.hypot(x - head.to_picture[0, 2], y - head.to_picture[1, 2] + 0.5 * head.size) / head.size
    out: Array = np.cos(far * rng.uniform(3, 8) + rng.uniform(0, 6))
    return out


def _painted(rgb: Array, cover: Array, colour: Array, light: Array) -> None:
    alpha = cover.astype(np.float32)[..., None] / 255
    paint = np.clip(colour * light[..., None], 0, 255)
    rgb[:] = np.clip(rgb + alpha * (paint - rgb), 0, 255).astype(np.uint8)
