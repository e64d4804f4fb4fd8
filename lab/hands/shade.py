"""Light on the ground and on a hand, before the illuminant's colour."""

from __future__ import annotations

import cv2
import numpy as np

from lab.hands.ground import GROUNDS
from lab.hands.light import Light, gloss, mirrored, scatter, sky, spread_under, visibility
from lab.hands.scene import Scene
from lab.hands.skin import Skin
from lab.hands.trace import Surface
from models.types import Array

SUPERSAMPLING = 2
COARSE = 5


def blockers_of(surfaces: list[Surface]) -> Array:
    """Height field of everything above the ground."""
    heights: Array = np.maximum(np.maximum.reduce([s.height for s in surfaces]), 0)
    return heights


def _small(field: Array) -> Array:
    return cv2.resize(field, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)


def _large(field: Array, shape: tuple[int, ...]) -> Array:
    return cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


def ground_light(
    scene: Scene, surfaces: list[Surface], light: Light, scale: float, rng: np.random.Generator
) -> Array:
    """(H, W, 3) light that comes from the ground, before the illuminant's gains."""
    albedo, relief = GROUNDS[scene.background](scene.size, scale, rng)
    gy, gx = np.gradient(relief.astype(np.float32), 1 / scale)
    to_light = light.direction
    slope = np.clip((-gx * to_light[0] - gy * to_light[1] + to_light[2]) / np.sqrt(1 + gx**2 + gy**2), 0, 1.6)
    top = _small(blockers_of(surfaces))
    level = np.zeros_like(top)
    coarse = scale * SUPERSAMPLING / COARSE
    # Cells that the hand covers in part take the light of the bare ground beside them, else they draw an outline.
    bare = cv2.dilate(top, np.ones((3, 3), np.uint8)) <= 0
    seen = cv2.GaussianBlur(spread_under(bare, visibility(level, top, light, coarse)), (0, 0), 1)
    above = cv2.GaussianBlur(spread_under(bare, sky(level, top, coarse)), (0, 0), 1)
    above = 0.2 + 0.8 * above
    key = light.key / to_light[2] * _large(seen, relief.shape) * slope
    lit = albedo * (key + (1 - light.key) * _large(above, relief.shape))[..., None]
    rows, cols = relief.shape
    fine: Array = cv2.resize(lit, (cols * SUPERSAMPLING, rows * SUPERSAMPLING), interpolation=cv2.INTER_CUBIC)
    return fine


def hand_light(part: Surface, skin: Skin, blockers: Array, light: Light, scale: float) -> Array:
    """(h, w, 3) light that comes from one hand, before the illuminant's gains."""
    seen = part.digit >= 0
    shape = seen.shape
    coarse_seen = _small(seen.astype(np.float32)) > 0.999
    height = spread_under(coarse_seen, _small(np.where(seen, part.height, 0)))
    # A steep flank must not shade itself through the coarse steps of the height field; n . l does that.
    reach = 2 * round(1.2 * scale / COARSE) + 1
    height = cv2.dilate(height, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) + 0.6
    top = _small(blockers)
    shade = spread_under(coarse_seen, visibility(height, top, light, scale / COARSE))
    above = spread_under(coarse_seen, sky(height, top, scale / COARSE))
    shade, above = _large(shade, shape), _large(above, shape)
    detail = _bumped(part.normal, skin.relief, scale)
    to_light = light.direction
    strength = light.key / to_light[2]
    wrap = 0.2

    def direct(normal: Array) -> Array:
        lit: Array = np.clip((normal @ to_light + wrap) / (1 + wrap), 0, 1) * strength * shade
        return lit

    def dome(normal: Array) -> Array:
        from_sky = (0.62 + 0.38 * normal[..., 2]) * (1 - light.key)
        lit: Array = from_sky + 0.22 * np.clip(0.75 - normal[..., 2], 0, 1)
        return lit

    near = 0.45 + 0.55 * part.openness
    far = _reflected(above * part.openness, skin.albedo)
    smooth = scatter(direct(part.normal) * near, seen, scale) + scatter(dome(part.normal), seen, scale) * far
    crisp = (direct(detail) * near)[..., None] + dome(detail)[..., None] * far
    share = np.array((0.42, 0.58, 0.68), np.float32)
    body = skin.albedo * (smooth * (1 - share) + crisp * share)
    on_nail = (part.nail > 0).astype(np.float32)
    shine = (0.15 + 0.85 * strength * shade) * part.openness
    skin_gloss = 0.85 * gloss(detail, light, 0.52, 0.028) + 0.25 * gloss(detail, light, 0.34, 0.028)
    nail_gloss = 0.35 * gloss(detail, light, 0.27, 0.05) + 3.2 * mirrored(detail, light)
    rim = 0.05 * (1 - np.clip(detail[..., 2], 0, 1)) ** 3 * (1 - light.key) * above
    glance = (skin_gloss * (1 - on_nail) + nail_gloss * on_nail) * shine + rim
    down = 0.16 * np.sqrt(skin.albedo) * ((1 - np.clip(part.normal[..., 2], 0, 1)) ** 3 * above)[..., None]
    total: Array = body + glance[..., None] + down
    return total


def _reflected(open_share: Array, albedo: Array) -> Array:
    """Ambient light per channel where neighbouring skin sends some of it back (Jimenez et al. 2016)."""
    o = open_share[..., None]
    a, b, c = 2.0404 * albedo - 0.3324, -4.7951 * albedo + 0.6417, 2.7552 * albedo + 0.6903
    reflected: Array = np.maximum(o, ((o * a + b) * o + c) * o)
    return reflected


def _bumped(normal: Array, relief: Array, scale: float) -> Array:
    """Normals tilted by a relief over the picture plane."""
    gy, gx = np.gradient(relief, 1 / scale)
    limit = np.clip(normal[..., 2] * 1.6, 0, 1)
    tilted = normal.copy()
    tilted[..., 0] -= gx * limit
    tilted[..., 1] -= gy * limit
    unit: Array = tilted / np.maximum(np.linalg.norm(tilted, axis=-1, keepdims=True), 1e-6)
    return unit
