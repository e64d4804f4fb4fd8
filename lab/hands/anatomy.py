"""A right hand's bones and poses in mm: x to the little finger, y to the fingertips, z to the back of the hand.

Lengths and breadths are those of an adult hand 182 mm long (middle of the ranges in NASA-STD-3000, anthropometry).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from looks.finger import Finger
from models.types import Array

FINGERS = (Finger.THUMB, Finger.INDEX, Finger.MIDDLE, Finger.RING, Finger.LITTLE)


@dataclass(frozen=True)
class Bone:
    """A tapered capsule with an elliptic section. frame: rows along, lateral, normal (to the back of the hand)."""

    origin: Array
    frame: Array
    length: float
    r0: float
    r1: float
    waist: float = 0.0
    wide: float = 1.0
    thick: float = 1.0
    blend: float = 3.0

    @property
    def end(self) -> Array:
        """The far end of the axis, mm."""
        end: Array = self.origin + self.length * self.frame[0]
        return end

    @property
    def reach(self) -> float:
        """No point of the surface is farther from the axis than this, mm."""
        return (max(self.r0, self.r1) + abs(self.waist)) * max(self.wide, self.thick)

    def placed(self, turn: Array, shift: Array) -> Bone:
        """The bone after x -> turn @ x + shift; turn is orthogonal and may mirror."""
        return Bone(
            turn @ self.origin + shift,
            self.frame @ turn.T,
            *(self.length, self.r0, self.r1, self.waist, self.wide, self.thick, self.blend),
        )


@dataclass(frozen=True)
class Plate:
    """A nail on its distal bone, in that bone's axes, mm: from cuticle to edge along it, half_width along the arc."""

    cuticle: float
    edge: float
    half_width: float
    radius: float
    top: float
    slope: float
    bend: float
    bed_end: float
    lunula: float
    corner: float


@dataclass(frozen=True)
class Digit:
    """One finger: proximal, middle and distal bone (the thumb's first is its metacarpal) and its nail."""

    finger: Finger
    bones: tuple[Bone, Bone, Bone]
    plate: Plate
    flexion: tuple[float, float, float]

    def placed(self, turn: Array, shift: Array) -> Digit:
        """The digit moved as a rigid body."""
        a, b, c = (bone.placed(turn, shift) for bone in self.bones)
        return Digit(self.finger, (a, b, c), self.plate, self.flexion)


@dataclass(frozen=True)
class Skeleton:
    """A posed hand: five digits and the bones of palm, webs and forearm."""

    digits: tuple[Digit, ...]
    palm: tuple[Bone, ...]
    turn: Array
    shift: Array

    def placed(self, turn: Array, shift: Array) -> Skeleton:
        """The hand moved as a rigid body; `turn` and `shift` remember how to come back to the hand's own axes."""
        return Skeleton(
            tuple(d.placed(turn, shift) for d in self.digits),
            tuple(b.placed(turn, shift) for b in self.palm),
            turn @ self.turn,
            turn @ self.shift + shift,
        )


@dataclass(frozen=True)
class Pose:
    """Angles in degrees. abduct: index to little, positive to the little finger; flex: (MCP, PIP, DIP) of the same;
    thumb: in-plane angle, lift, roll, MCP and IP flexion; pitch: tips towards the camera."""

    abduct: tuple[float, float, float, float]
    flex: tuple[tuple[float, float, float], ...]
    thumb: tuple[float, float, float, float, float]
    pitch: float = 0.0


POSES = {
    "open": Pose((-15, -3, 8, 22), ((5, 9, 5), (6, 8, 5), (7, 9, 5), (7, 10, 6)), (47, -14, 34, 4, -4)),
    "relaxed": Pose((-5, -1, 5, 13), ((7, 12, 6), (9, 14, 6), (10, 15, 6), (11, 15, 7)), (36, -17, 40, 8, 4)),
    "together": Pose(
        (2.5, 0.5, -2, -5.5), ((5, 9, 5), (6, 8, 5), (7, 9, 5), (8, 10, 6)), (27, -16, 42, 2, 0)
    ),
    "curled": Pose(
        (-4, 0, 4, 9), ((30, 42, 14), (32, 45, 14), (33, 46, 14), (34, 44, 14)), (34, -24, 40, 14, 16), 36
    ),
    "thumb_in": Pose((-4, 0, 4, 10), ((4, 8, 5), (5, 8, 5), (6, 8, 5), (6, 9, 6)), (-4, -34, 10, 26, 30)),
}

_JOINTS = ((-24.5, 82.0, 1.0), (-5.0, 86.5, 3.0), (14.0, 81.0, 1.5), (31.0, 71.0, -2.5))
_CARPAL = ((-13.0, 14.0, 0.0), (-4.5, 12.0, 1.5), (4.5, 12.0, 1.0), (13.0, 14.0, -1.5))
_PHALANX = ((43.0, 24.5, 23.0), (46.5, 28.5, 24.0), (43.0, 27.0, 24.0), (34.5, 20.0, 21.5))
_BREADTH = (1.0, 1.02, 0.96, 0.84)
_ROLL = (-7.0, -1.0, 5.0, 13.0)


def skeleton(pose: Pose, rng: np.random.Generator, free_edge: float) -> Skeleton:
    """A hand in a pose with the small differences of a person; free_edge: mm of nail beyond the pulp."""
    person = rng.normal(0, 1, (5, 4)).astype(float)
    stout = 1 + 0.035 * rng.normal()
    digits = [_thumb(pose, person[4], stout, free_edge)]
    palm: list[Bone] = []
    knuckles: list[Bone] = []
    webs: list[tuple[Array, Array, float]] = []
    for i, finger in enumerate(FINGERS[1:]):
        joint = np.array(_JOINTS[i])
        size = 1 + 0.015 * person[i, 0]
        girth = _BREADTH[i] * stout * (1 + 0.012 * person[i, 1])
        angles = [v + 1.3 * person[i, 2 + k % 2] * (k < 2) for k, v in enumerate(pose.flex[i])]
        axes = _frame(pose.abduct[i] + 0.8 * person[i, 3], 0.0, _ROLL[i])
        lengths = [v * size for v in _PHALANX[i]]
        bones = _chain(joint, axes, angles, lengths, [7.9 * girth, 8.5 * girth, 7.4 * girth, 6.2 * girth])
        plate = _plate(bones[2], free_edge, 1 + 0.04 * person[i, 2], i + 1)
        digits.append(Digit(finger, bones, plate, (angles[0], angles[1], angles[2])))
        base = np.array(_CARPAL[i])
        palm.append(_between(base, joint + np.array((0, -1, -0.9)), 14.5, 10.2 * girth, blend=14))
        webs.append((joint, bones[0].frame[0], girth))
        head = joint + np.array((0, -1.5, 1.3 + 0.035 * angles[0]))
        knuckles.append(_between(head, head + np.array((0, 3.0, 0)), 9.0 * girth, 8.6 * girth, blend=4.5))
    for (ja, da, ga), (jb, db, gb) in pairwise(webs):
        palm.append(
            _between(ja + 12 * da - (0, 0, 3), jb + 13 * db - (0, 0, 3), 6.2 * ga, 6.2 * gb, blend=10)
        )
        palm.append(
            _between(ja - 4 * da - (0, 0, 5.5), jb - 4 * db - (0, 0, 5.5), 9.0 * ga, 9.0 * gb, blend=12)
        )
    palm += knuckles
    thumb = digits[0].bones[0]
    wrist = np.array((0.0, -2, -2))
    palm += [
        _between(np.array((0.0, -4, -2)), np.array((0.0, 13, -1)), 17.6, 17.5, wide=1.32, blend=16),
        _between(
            wrist - 420 * _level(pose.pitch),
            wrist,
            31.0,
            17.6,
            wide=1.38,
            blend=18,
        ),
        _between(np.array((18.5, -16, 5)), np.array((17.5, -9, 7.5)), 6.0, 6.5, blend=18),
        _between(np.array((20.0, 16, -8)), np.array((26.0, 58, -7)), 14.0, 11.5, blend=18),
        _between(
            np.array((-12.0, 16, -9)),
            thumb.origin + 0.75 * thumb.length * thumb.frame[0],
            14.0,
            11.5,
            blend=14,
        ),
        _between(
            np.array((-20.0, 56, -5)), thumb.origin + 0.8 * thumb.length * thumb.frame[0], 7.0, 7.0, blend=20
        ),
    ]
    return Skeleton(tuple(digits), tuple(palm), np.eye(3), np.zeros(3))


def _thumb(pose: Pose, person: Array, stout: float, free_edge: float) -> Digit:
    angle, lift, roll, mcp, ip = pose.thumb
    axes = _frame(-(angle + 2 * person[0]), lift, -roll)
    flexion = (0.0, mcp + 2 * person[1], ip + 2 * person[2])
    girth = stout * (1 + 0.015 * person[3])
    bones = _chain(
        np.array((-17.0, 20.0, -5.0)),
        axes,
        flexion,
        (47.0, 33.0, 29.0),
        [12.5, 10.0 * girth, 9.4 * girth, 7.2 * girth],
    )
    return Digit(Finger.THUMB, bones, _plate(bones[2], free_edge, 1 + 0.03 * person[0], 0), flexion)


def _level(pitch: float) -> Array:
    """Direction from forearm to wrist: most of the tilt of a raised hand is taken back at the wrist."""
    t = np.radians(0.8 * pitch)
    return np.array((0.0, np.cos(t), -np.sin(t)))


def _frame(angle: float, lift: float, roll: float) -> Array:
    """Axes of a bone that points `angle` degrees from y towards x, raised by lift and turned about itself by roll."""
    a, e, r = np.radians((angle, lift, roll))
    along = np.array((np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)))
    lateral = np.array((np.cos(a), -np.sin(a), 0.0))
    normal = np.cross(lateral, along)
    return np.stack(
        [along, np.cos(r) * lateral - np.sin(r) * normal, np.cos(r) * normal + np.sin(r) * lateral]
    )


def _bent(axes: Array, degrees: float) -> Array:
    """Axes after a flexion towards the palm."""
    t = np.radians(degrees)
    along, lateral, normal = axes
    return np.stack([np.cos(t) * along - np.sin(t) * normal, lateral, np.cos(t) * normal + np.sin(t) * along])


def _chain(
    start: Array, axes: Array, angles: object, lengths: object, radii: list[float]
) -> tuple[Bone, Bone, Bone]:
    """Three bones end to end; the last stops its own end radius before the fingertip."""
    bones = []
    for k, (angle, length) in enumerate(zip(angles, lengths, strict=True)):  # type: ignore[call-overload]
        axes = _bent(axes, angle)
        span = length - radii[3] if k == 2 else length
        waist = (0.15, -0.1, 0.5)[k] * radii[k] / 9
        bones.append(
            Bone(start, axes, span, radii[k], radii[k + 1], waist, wide=1.0, thick=(1.0, 0.95, 0.88)[k])
        )
        start = bones[-1].end
    return bones[0], bones[1], bones[2]


def _between(start: Array, end: Array, r0: float, r1: float, wide: float = 1.0, blend: float = 3.0) -> Bone:
    """A bone from point to point whose normal is as near to the hand's back as it can be."""
    along = end - start
    length = float(np.linalg.norm(along))
    along = along / length
    lateral = np.cross(along, (0.0, 0.0, 1.0))
    lateral /= np.linalg.norm(lateral)
    return Bone(
        start, np.stack([along, lateral, np.cross(lateral, along)]), length, r0, r1, 0.0, wide, 1.0, blend
    )


def _plate(distal: Bone, free_edge: float, vary: float, i: int) -> Plate:
    """The nail that fits a distal bone."""
    tip = distal.length + distal.r1
    cuticle = tip * 0.435
    radius_there = np.interp(cuticle / distal.length, (0, 1), (distal.r0, distal.r1)) + abs(distal.waist)
    edge = tip + free_edge * vary
    return Plate(
        cuticle=float(cuticle),
        edge=float(edge),
        half_width=float(0.83 * radius_there * (1.0 if i else 1.04)),
        radius=float(0.97 * radius_there),
        top=float(distal.thick * radius_there - 0.22),
        slope=-0.06,
        bend=0.0105 * 23 / tip,
        bed_end=float(tip - 0.7),
        lunula=(3.3, 2.0, 1.8, 1.3, 0.5)[i] * vary,
        corner=0.9,
    )
