"""From a scene to a photograph and its exact truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from lab.hands.anatomy import FINGERS, POSES, Skeleton, skeleton
from lab.hands.camera import developed
from lab.hands.light import LIGHTS
from lab.hands.scene import Scene
from lab.hands.shade import SUPERSAMPLING, blockers_of, ground_light, hand_light
from lab.hands.skin import paint
from lab.hands.solid import plate_top
from lab.hands.trace import Surface, trace
from looks.finger import Finger, HandName, HandSide
from models.types import Array

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
    colour = ground_light(scene, surfaces, light, scale, rng)
    for hand, surface in zip(hands, surfaces, strict=True):
        box = _bounds(surface.digit >= 0)
        part = Surface(*(getattr(surface, f)[box] for f in ("height", "normal", "digit", "nail", "openness")))
        corner = np.array((box[1].start, box[0].start, 0)) / fine
        skin = paint(
            hand.placed(np.eye(3), -corner), part, scene.tone, scene.side is HandSide.PALMAR, fine, rng
        )
        lit = hand_light(part, skin, blockers_of(surfaces)[box], light, fine)
        seen = part.digit >= 0
        colour[box][seen] = lit[seen]
    nails: list[NailTruth] = []
    for hand, surface, name in zip(hands, surfaces, names, strict=True):
        nails += _nails(hand, surface, name, scale)
    return Sample(
        scene,
        developed(colour, scene, light, rng),
        tuple(nails),
        tuple(_hand_truth(hand, name, scene.side, scale) for hand, name in zip(hands, names, strict=True)),
        light.gains,
    )


def _posed(scene: Scene, name: HandName, rng: np.random.Generator) -> Skeleton:
    """A hand in picture axes (y down), turned and mirrored, its wrist at the origin."""
    pose = POSES[scene.pose]
    free_edge = scene.free_edge
    if scene.side is HandSide.PALMAR:
        # Seen from inside, a long nail or a rolled thumb would still show an edge: palms are negatives.
        angle, lift, roll, *bends = pose.thumb
        pose, free_edge = replace(pose, thumb=(angle, lift, 0.2 * roll, bends[0], bends[1])), -3.5
    hand = skeleton(pose, rng, free_edge)
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
