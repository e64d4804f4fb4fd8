"""From a scene to a photograph and its exact truth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lab.hands.anatomy import FINGERS, POSES, Skeleton, skeleton
from lab.hands.ground import GROUNDS, noise
from lab.hands.light import LIGHTS, Light, gloss, mirrored, scatter, sky, spread_under, visibility
from lab.hands.scene import Scene
from lab.hands.skin import Skin, paint
from lab.hands.solid import plate_top
from lab.hands.trace import Surface, trace
from looks.colour import linear_to_srgb
from looks.finger import Finger, HandName, HandSide
from models.types import Array

SUPERSAMPLING = 2
COARSE = 5
_LEAST_NAIL_PX = 30


@dataclass(frozen=True)
class NailTruth:
    """mask: (h, w) uint8 coverage of the visible plate; axis: (2, 2) cuticle's middle then free edge's, pixels x, y."""

    mask: Array
    finger: Finger
    hand: HandName
    axis: Array


@dataclass(frozen=True)
class HandTruth:
    """One hand of the picture; tips: (5, 2) thumb to little, pixels x, y; finger_px: breadth at the nails' middle."""

    name: HandName
    side: HandSide
    tips: Array
    finger_px: float


@dataclass(frozen=True)
class Sample:
    """rgb: (h, w, 3) uint8 sRGB; illuminant: linear RGB gains with green 1."""

    scene: Scene
    rgb: Array
    nails: tuple[NailTruth, ...]
    hands: tuple[HandTruth, ...]
    illuminant: tuple[float, float, float]


def render(scene: Scene) -> Sample:
    """Photograph a scene; the same scene always gives the same bytes."""
    rng = np.random.default_rng(scene.seed)
    names = (HandName.LEFT, HandName.RIGHT) if scene.hand == "both" else (scene.hand,)
    hands, scale = _place(scene, [_posed(scene, name, rng) for name in names])
    shape = (scene.size[0] * SUPERSAMPLING, scene.size[1] * SUPERSAMPLING)
    fine = scale * SUPERSAMPLING
    surfaces = _in_front([trace(hand, shape, fine) for hand in hands])
    light = LIGHTS[scene.light]
    colour = _ground(scene, surfaces, light, scale, rng)
    for hand, surface in zip(hands, surfaces, strict=True):
        box = _bounds(surface.digit >= 0)
        part = Surface(*(getattr(surface, f)[box] for f in ("height", "normal", "digit", "nail", "openness")))
        corner = np.array((box[1].start, box[0].start, 0)) / fine
        skin = paint(
            hand.placed(np.eye(3), -corner), part, scene.tone, scene.side is HandSide.PALMAR, fine, rng
        )
        lit = _lit(part, skin, _blockers(surfaces)[box], light, fine)
        seen = part.digit >= 0
        colour[box][seen] = lit[seen]
    nails: list[NailTruth] = []
    for hand, surface, name in zip(hands, surfaces, names, strict=True):
        nails += _nails(hand, surface, name, scale)
    return Sample(
        scene,
        _developed(colour, scene, light, rng),
        tuple(nails),
        tuple(_hand_truth(hand, name, scene.side, scale) for hand, name in zip(hands, names, strict=True)),
        light.gains,
    )


def _posed(scene: Scene, name: HandName, rng: np.random.Generator) -> Skeleton:
    """A hand in picture axes (y down), turned and mirrored, its wrist at the origin."""
    pose = POSES[scene.pose]
    # Seen from inside, a longer nail would show its edge: palms are sampled with nails cut short.
    hand = skeleton(pose, rng, -1.6 if scene.side is HandSide.PALMAR else scene.free_edge)
    mirror = np.diag([-1.0 if name is HandName.LEFT else 1.0, 1.0, 1.0])
    over = np.diag([-1.0, 1.0, -1.0]) if scene.side is HandSide.PALMAR else np.eye(3)
    turn = _about_z(scene.rotation) @ np.diag([1.0, -1.0, 1.0]) @ _about_x(pose.pitch) @ over @ mirror
    if scene.hand == "both":
        inward = 9.0 if name is HandName.LEFT else -9.0
        apart = (62.0 + pose.thumb[0]) * (-1 if name is HandName.LEFT else 1)
        apart = -apart if scene.side is HandSide.PALMAR else apart
        aside = _about_z(scene.rotation) @ np.array((apart, rng.normal(0, 4), 0))
        return hand.placed(_about_z(inward) @ turn, aside)
    return hand.placed(turn, np.zeros(3))


def _place(scene: Scene, hands: list[Skeleton]) -> tuple[list[Skeleton], float]:
    """Lay the hands on the ground and fit them into the frame; returns them and pixels per mm."""
    points = np.concatenate(
        [
            [b.end for d in h.digits for b in d.bones]
            + [h.turn @ np.array((x, -14.0, 0)) + h.shift for x in (-28, 28)]
            for h in hands
        ]
    )
    low, high = points[:, :2].min(axis=0) - 11, points[:, :2].max(axis=0) + 11
    rows, cols = scene.size
    scale = scene.fill * float(min(cols / (high[0] - low[0]), rows / (high[1] - low[1])))
    floor = min(min(b.origin[2], b.end[2]) - b.reach for h in hands for d in h.digits for b in d.bones[1:])
    shift = np.array([*(np.array((cols, rows)) / scale / 2 - (low + high) / 2), -floor])
    return [h.placed(np.eye(3), shift) for h in hands], scale


def _in_front(surfaces: list[Surface]) -> list[Surface]:
    """Where hands overlap only the higher one is kept."""
    if len(surfaces) == 1:
        return surfaces
    top = np.maximum.reduce([s.height for s in surfaces])
    kept = []
    for s in surfaces:
        hidden = s.height < top
        kept.append(
            Surface(
                np.where(hidden, -np.inf, s.height).astype(np.float32),
                s.normal,
                np.where(hidden, np.int8(-1), s.digit),
                np.where(hidden, np.int8(0), s.nail),
                s.openness,
            )
        )
    return kept


def _bounds(mask: Array) -> tuple[slice, slice]:
    """Smallest box around a mask with a margin."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    pad = 8
    return (
        slice(max(0, int(rows[0]) - pad), int(rows[-1]) + 1 + pad),
        slice(max(0, int(cols[0]) - pad), int(cols[-1]) + 1 + pad),
    )


def _blockers(surfaces: list[Surface]) -> Array:
    """Height field of everything above the ground."""
    heights: Array = np.maximum(np.maximum.reduce([s.height for s in surfaces]), 0)
    return heights


def _small(field: Array) -> Array:
    return cv2.resize(field, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)


def _large(field: Array, shape: tuple[int, ...]) -> Array:
    return cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


def _ground(
    scene: Scene, surfaces: list[Surface], light: Light, scale: float, rng: np.random.Generator
) -> Array:
    """(H, W, 3) light that comes from the ground, before the illuminant's gains."""
    albedo, relief = GROUNDS[scene.background](scene.size, scale, rng)
    gy, gx = np.gradient(relief.astype(np.float32), 1 / scale)
    to_light = light.direction
    slope = np.clip((-gx * to_light[0] - gy * to_light[1] + to_light[2]) / np.sqrt(1 + gx**2 + gy**2), 0, 1.6)
    top = _small(_blockers(surfaces))
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


def _lit(part: Surface, skin: Skin, blockers: Array, light: Light, scale: float) -> Array:
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


def _developed(colour: Array, scene: Scene, light: Light, rng: np.random.Generator) -> Array:
    """The camera: illuminant, vignette, lens blur, highlights' shoulder, noise, sRGB."""
    rows, cols = scene.size
    linear = cv2.resize(colour, (cols, rows), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:rows, :cols].astype(np.float32)
    far = ((x / cols - 0.5) ** 2 + (y / rows - 0.5) ** 2) * 2
    exposure = 0.9 + 0.007 * (scene.tone - 1) ** 2
    linear = linear * (np.array(light.gains, np.float32) * exposure) * (1 - 0.16 * far)[..., None]
    linear = cv2.GaussianBlur(linear, (0, 0), 0.5)
    grain = np.stack([noise((rows, cols), 1.0, rng) for _ in range(3)], axis=-1)
    linear = linear + grain * (0.0016 + 0.0075 * np.sqrt(np.maximum(linear, 0)))
    knee = 0.82
    over = np.maximum(linear - knee, 0)
    linear = np.minimum(linear, knee) + (1 - knee) * (1 - np.exp(-over / (1 - knee)))
    rgb: Array = np.round(linear_to_srgb(linear) * 255).astype(np.uint8)
    return rgb


def _nails(hand: Skeleton, surface: Surface, name: HandName, scale: float) -> list[NailTruth]:
    """The visible nails of a hand, thumb first."""
    found = []
    for number, digit in enumerate(hand.digits, start=1):
        visible = (surface.nail == number).astype(np.float32)
        if visible.sum() < _LEAST_NAIL_PX * SUPERSAMPLING**2:
            continue
        rows, cols = visible.shape
        small = cv2.resize(
            visible, (cols // SUPERSAMPLING, rows // SUPERSAMPLING), interpolation=cv2.INTER_AREA
        )
        plate, bone = digit.plate, digit.bones[2]
        ends = np.array((plate.cuticle + 0.25, plate.edge - 0.25))
        points = bone.origin + ends[:, None] * bone.frame[0] + plate_top(plate, ends)[:, None] * bone.frame[2]
        mask = np.round(small * 255).astype(np.uint8)
        found.append(NailTruth(mask, FINGERS[number - 1], name, (points[:, :2] * scale).astype(np.float32)))
    return found


def _hand_truth(hand: Skeleton, name: HandName, side: HandSide, scale: float) -> HandTruth:
    tips = np.array([(d.bones[2].end + d.bones[2].r1 * 0.6 * d.bones[2].frame[0])[:2] for d in hand.digits])
    breadth = float(np.mean([d.bones[2].r0 + d.bones[2].r1 for d in hand.digits[1:]]))
    return HandTruth(name, side, (tips * scale).astype(np.float32), breadth * scale)


def _about_z(degrees: float) -> Array:
    """Turn clockwise as seen in the picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _about_x(degrees: float) -> Array:
    """Raise the fingertips towards the camera (y to the tips, z to the camera)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
