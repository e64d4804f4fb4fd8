"""The hand as a signed distance field in mm, evaluated in columns of pixels (x right, y down, z to the camera)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.hands.anatomy import Bone, Digit, Plate, Skeleton
from models.types import Array

PALM_BLEND = 11.0
JOINT_BLEND = 3.2
WEB_BLEND = 7.0
SHELL = 0.22


def smooth_min(a: Array, b: Array, k: float | Array) -> Array:
    """Polynomial smooth union of two distances with blend width k (Quilez)."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    union: Array = np.minimum(a, b) - h * h * (k / 4)
    return union


class Rod:
    """A bone's distance in fixed columns: everything that does not depend on z is computed once."""

    def __init__(self, bone: Bone, x: Array, y: Array) -> None:
        f = bone.frame.astype(np.float32)
        o = bone.origin.astype(np.float32)
        dx, dy = x - o[0], y - o[1]
        self.bone = bone
        self.base = [dx * f[i, 0] + dy * f[i, 1] - o[2] * f[i, 2] for i in range(3)]
        self.step = f[:, 2]

    def local(self, z: Array) -> tuple[Array, Array, Array]:
        """Coordinates (along, lateral, normal) in the bone's axes."""
        along, lateral, normal = (b + z * s for b, s in zip(self.base, self.step, strict=True))
        return along, lateral, normal

    def distance(self, a: Array, w: Array, n: Array) -> Array:
        """Signed distance, a lower bound where the section is elliptic."""
        bone = self.bone
        t = np.minimum(np.maximum(a * (1 / bone.length), 0), 1)
        radius = bone.r0 + (bone.r1 - bone.r0) * t + (4 * bone.waist) * t * (1 - t)
        a = a - t * bone.length
        if bone.wide != 1:
            w = w * (1 / bone.wide)
        if bone.thick != 1:
            n = n * (1 / bone.thick)
        distance: Array = np.sqrt(a * a + w * w + n * n) - radius
        return distance


def plate_outline(plate: Plate, a: Array, s: Array) -> Array:
    """Signed distance in the nail's plane from its outline; s is the arc length from the middle line."""
    half = (plate.edge - plate.cuticle) / 2
    pa = a - (plate.edge + plate.cuticle) / 2
    width = plate.half_width * (1 + 0.05 * pa / half)
    corner = np.where(pa < 0, 0.86, plate.corner) * width
    qa = np.abs(pa) - half + corner
    qs = np.abs(s) - width + corner
    distance: Array = (
        np.minimum(np.maximum(qa, qs), 0) + np.hypot(np.maximum(qa, 0), np.maximum(qs, 0)) - corner
    )
    return distance


def plate_top(plate: Plate, a: Array) -> Array:
    """Height of the nail's middle line over the bone's axis."""
    run = a - plate.cuticle
    height: Array = plate.top + plate.slope * run - 0.5 * plate.bend * run * np.abs(run)
    return height


def plate_coordinates(plate: Plate, a: Array, w: Array, n: Array) -> tuple[Array, Array]:
    """Arc length from the middle line and height over the plate's upper face."""
    depth = n - plate_top(plate, a) + plate.radius
    return plate.radius * np.arctan2(w, np.maximum(depth, 0.1)), np.hypot(w, depth) - plate.radius


class Near:
    """The parts of a hand that can matter over one patch of the picture, found from all bones at once."""

    def __init__(self, hand: Skeleton) -> None:
        self.hand = hand
        bones = [*hand.palm, *(b for d in hand.digits for b in d.bones)]
        self.start = np.array([b.origin[:2] for b in bones])
        self.run = np.array([b.end[:2] for b in bones]) - self.start
        self.square = np.maximum((self.run**2).sum(axis=1), 1e-6)
        margins = [1.5 * b.wide * b.blend for b in hand.palm] + 3 * len(hand.digits) * [1.5 * PALM_BLEND]
        self.reach = np.array([b.reach for b in bones]) + margins
        self.top = np.array([max(b.origin[2], b.end[2]) + b.reach for b in bones])
        self.floor = np.array([min(b.origin[2], b.end[2]) - b.reach for b in bones])

    def patch(self, x: float, y: float, radius: float) -> Patch:
        """What lies within `radius` mm of a point of the picture."""
        to = np.array((x, y)) - self.start
        t = np.clip((to * self.run).sum(axis=1) / self.square, 0, 1)
        gap = np.linalg.norm(to - t[:, None] * self.run, axis=1) - radius
        kept = gap < self.reach
        n = len(self.hand.palm)
        fingers = gap[n:].reshape(-1, 3)
        digits = [
            (i + 1, d, bool(fingers[i, 2] < d.bones[2].reach + 6))
            for i, d in enumerate(self.hand.digits)
            if kept[n:].reshape(-1, 3)[i].any()
        ]
        palm = [b for b, keep in zip(self.hand.palm, kept[:n], strict=True) if keep]
        if not palm and not digits:
            return Patch([], [], 0.0, 0.0)
        return Patch(palm, digits, float(self.top[kept].max()) + 6, float(self.floor[kept].min()) - 1)


@dataclass(frozen=True)
class Patch:
    """Parts of a hand: palm bones, (number, digit, whether its nail is near), and the heights they lie between."""

    palm: list[Bone]
    digits: list[tuple[int, Digit, bool]]
    top: float
    floor: float


class Columns:
    """The hand's distance over columns (x, y), each of shape (n,), from the parts in a patch."""

    def __init__(self, patch: Patch, x: Array, y: Array) -> None:
        self.palm = [Rod(b, x, y) for b in patch.palm]
        self.digits = [(i, d, [Rod(b, x, y) for b in d.bones], nail) for i, d, nail in patch.digits]
        self.size = x.shape

    def distance(self, z: Array) -> Array:
        """Signed distance of skin and nails together."""
        skin, nails, _ = self._parts(z, False)
        for nail in nails:
            skin = np.minimum(skin, nail[1])
        return skin

    def owners(self, z: Array) -> tuple[Array, Array]:
        """Per column: digit number (0 palm, 1 thumb .. 5 little) and nail number (0 none) at height z."""
        skin, nails, owner = self._parts(z, True)
        nail_of = np.zeros(self.size, np.int8)
        best = skin
        for number, d in nails:
            nail_of = np.where(d < best, np.int8(number), nail_of)
            best = np.minimum(best, d)
        return np.where(nail_of > 0, nail_of, owner), nail_of

    def _parts(self, z: Array, naming: bool) -> tuple[Array, list[tuple[int, Array]], Array]:
        palm: Array | None = None
        for rod in self.palm:
            d = rod.distance(*rod.local(z))
            palm = d if palm is None else smooth_min(palm, d, rod.bone.blend)
        skin = np.full(self.size, 1e3, np.float32) if palm is None else palm
        closest = skin
        fingers: Array | None = None
        owner = np.zeros(self.size, np.int8)
        nails: list[tuple[int, Array]] = []
        for number, digit, rods, has_nail in self.digits:
            finger, nail = _finger(digit, rods, z, has_nail)
            if nail is not None:
                nails.append((number, nail))
            if naming:
                owner = np.where(finger < closest, np.int8(number), owner)
                closest = np.minimum(closest, finger)
            if fingers is None:
                fingers = finger
            elif palm is None:
                fingers = np.minimum(fingers, finger)
            else:
                # Fingers grow together only near the palm; further out they may touch and stay two.
                web = np.minimum(np.maximum(WEB_BLEND - palm, 0.01), WEB_BLEND)
                fingers = smooth_min(fingers, finger, web)
        if fingers is not None:
            skin = fingers if palm is None else smooth_min(palm, fingers, PALM_BLEND)
        return skin, nails, owner


def _finger(digit: Digit, rods: list[Rod], z: Array, has_nail: bool) -> tuple[Array, Array | None]:
    """Distance of a finger's skin with the nail's recess and fold, and of its plate."""
    first, middle, last = rods
    d = smooth_min(first.distance(*first.local(z)), middle.distance(*middle.local(z)), JOINT_BLEND)
    a, w, n = last.local(z)
    tip = last.distance(a, w, n)
    if not has_nail:
        return smooth_min(d, tip, JOINT_BLEND), None
    plate = digit.plate
    s, height = plate_coordinates(plate, a, w, n)
    outline = plate_outline(plate, a, s)
    above = np.where(n > 0, np.exp(-(((outline - 0.75) / 0.85) ** 2)), 0)
    behind = np.clip((plate.bed_end - 1 - a) * 0.4, 0, 1)
    tip = tip - 0.42 * above * behind
    skin = smooth_min(d, tip, JOINT_BLEND)
    recess = np.maximum(outline - 0.1, -(height + 2 * SHELL))
    skin = -smooth_min(-skin, recess, 0.5)
    shell = np.maximum(np.abs(height + SHELL) - SHELL, outline)
    return skin, np.where(n > -1, shell, 1e3)
