"""The relief and the pigments of a traced hand's skin, gathered feature by feature."""

from __future__ import annotations

import cv2
import numpy as np

from lab.hands.anatomy import Digit, Skeleton
from lab.hands.ground import layers, noise
from lab.hands.solid import plate_coordinates, plate_outline
from lab.hands.trace import Surface
from models.types import Array


class Canvas:
    """Relief, blood, pigment and wear of a hand's skin, gathered feature by feature."""

    def __init__(self, hand: Skeleton, surface: Surface, scale: float, rng: np.random.Generator) -> None:
        shape = surface.height.shape[0], surface.height.shape[1]
        self.shape = shape
        self.hand, self.surface, self.scale, self.rng = hand, surface, scale, rng
        self.z = np.where(surface.digit >= 0, surface.height, 0)
        self.relief = np.zeros(shape, np.float32)
        self.blood = np.zeros(shape, np.float32)
        self.dark = np.zeros(shape, np.float32)
        self.vein = np.zeros(shape, np.float32)
        self.wobble = noise(shape, 3.4 * scale, rng)

    def window(self, centre: Array, reach: float) -> tuple[slice, slice]:
        """The pixels within `reach` mm of a point, cut to the picture."""
        rows, cols = self.z.shape
        x, y, r = centre[0] * self.scale, centre[1] * self.scale, reach * self.scale
        return (
            slice(int(np.clip(y - r, 0, rows)), int(np.clip(y + r, 0, rows))),
            slice(int(np.clip(x - r, 0, cols)), int(np.clip(x + r, 0, cols))),
        )

    def local(self, box: tuple[slice, slice], centre: Array, frame: Array) -> tuple[Array, Array, Array]:
        """Coordinates of the surface in a frame at a point, mm."""
        yy, xx = np.mgrid[box].astype(np.float32)
        x, y = (xx + 0.5) / self.scale - centre[0], (yy + 0.5) / self.scale - centre[1]
        z = self.z[box] - centre[2]
        along, lateral, normal = (x * f[0] + y * f[1] + z * f[2] for f in frame.astype(np.float32))
        return along, lateral, normal

    def joint(self, digit: Digit, number: int, k: int) -> None:
        """Folds over the joint after bone k, on the back and on the inside of the finger."""
        before, after = digit.bones[k], digit.bones[k + 1]
        frame = (before.frame + after.frame) / 2
        radius = before.r1
        centre = after.origin
        box = self.window(centre, 1.9 * radius)
        a, w, n = self.local(box, centre, frame)
        mine = self.surface.digit[box] == number
        mine = mine & (self.surface.nail[box] == 0)
        back = np.clip(0.4 + n / 3, 0, 1) * mine
        stretched = 1 / (1 + (digit.flexion[k + 1] / 28) ** 2)
        narrow = np.exp(-((w / (0.82 * radius)) ** 4))
        grain = self.wobble[box]
        first = k == 0
        offsets = np.linspace(-0.62, 0.62, 6) if first else np.linspace(-0.3, 0.3, 3)
        depth = (0.17 if first else 0.12) * (0.35 + 0.65 * stretched)
        for i, c in enumerate(offsets):
            c = c * radius + self.rng.normal(0, 0.25)
            bow = 1 - 0.42 * (w / radius) ** 2
            width = 0.26 + 0.10 * self.rng.random()
            patchy = np.clip(0.75 + 0.5 * np.roll(grain, 7 * i, axis=1), 0.15, 1.3)
            line = np.exp(-(((a - c * bow - 0.26 * grain) / width) ** 2)) * narrow * patchy * back
            self.relief[box] -= depth * line
            self.dark[box] += 0.17 * line * (0.5 + 0.5 * stretched)
        swell = np.exp(-((a / (0.55 * radius)) ** 2) - (w / (0.75 * radius)) ** 2) * back
        self.relief[box] += 0.25 * swell
        self.blood[box] += (0.42 if first else 0.26) * np.exp(-((a / (0.7 * radius)) ** 2)) * narrow * back
        self.dark[box] += (0.16 if first else 0.1) * swell
        front = np.clip(0.4 - n / 3, 0, 1) * mine
        for c in (-1.0, 1.1) if first else (0.0,):
            patchy = np.clip(0.8 + 0.4 * np.roll(grain, 11, axis=1), 0.2, 1)
            line = np.exp(-(((a - c + 0.012 * w * w - 0.3 * grain) / 0.6) ** 2)) * front * patchy
            self.relief[box] -= 0.22 * line
            self.dark[box] += 0.13 * line
            self.blood[box] += 0.4 * line

    def knuckle(self, digit: Digit) -> None:
        """The row of knuckles at the fingers' roots."""
        bone = digit.bones[0]
        box = self.window(bone.origin, 15)
        a, w, n = self.local(box, bone.origin, bone.frame)
        back = np.clip(n / 4, 0, 1) * (self.surface.digit[box] >= 0)
        swell = np.exp(-((a / 8) ** 2) - (w / 7.5) ** 2) * back
        self.blood[box] += 0.34 * swell
        self.relief[box] += 1.6 * swell
        self.dark[box] += 0.1 * swell
        creased = np.abs(noise(size_of(swell), (1.1 * self.scale, 2.6 * self.scale), self.rng))
        self.relief[box] -= 0.09 * np.exp(-((creased / 0.35) ** 2)) * swell

    def tip(self, digit: Digit, number: int) -> None:
        """Redder fingertips and nail folds."""
        bone = digit.bones[2]
        box = self.window(bone.end, 26)
        a, w, n = self.local(box, bone.origin, bone.frame)
        mine = self.surface.digit[box] == number
        self.blood[box] += 0.4 * np.clip((a - 0.35 * bone.length) / (0.8 * bone.length), 0, 1) * mine
        s, _ = plate_coordinates(digit.plate, a, w, n)
        rim = np.exp(-((plate_outline(digit.plate, a, s) / 1.3) ** 2)) * (n > 0) * mine
        self.blood[box] += 0.3 * rim
        whorl = np.abs(noise(size_of(mine), 0.5 * self.scale, self.rng))
        self.relief[box] -= 0.02 * np.exp(-((whorl / 0.4) ** 2)) * (n < 1) * mine

    def stroke(self, points: Array, width: float) -> Array:
        """(h, w) soft line through points given in the hand's own axes, 1 on its middle."""
        placed = (points @ self.hand.turn.T + self.hand.shift)[:, :2] * self.scale / 2
        rows, cols = self.z.shape
        line = np.zeros(((rows + 1) // 2, (cols + 1) // 2), np.uint8)
        thick = max(1, round(width * self.scale / 2))
        cv2.polylines(line, [np.round(placed * 16).astype(np.int32)], False, (255,), thick, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(
            line.astype(np.float32) / 255, (0, 0), max(0.6, 0.42 * width * self.scale / 2)
        )
        return cv2.resize(soft, (cols, rows), interpolation=cv2.INTER_LINEAR)

    def back_of_hand(self) -> None:
        """Tendons that fan out from the wrist, and veins between them."""
        facing = np.clip(self.surface.normal[..., 2], 0, 1) * (self.surface.digit == 0)
        joints = [self._home(d.bones[0].origin) for d in self.hand.digits[1:]]
        for joint in joints:
            start = np.array((0.5 * joint[0] + 1, 34.0, 14))
            ridge = self.stroke(_curve(np.stack([start, joint * (1, 0.9, 1) + (0, 0, 10)]), 8), 4.6)
            self.relief += 0.95 * ridge * facing
        for k in range(3):
            left, right = joints[k], joints[k + 1]
            top = (left + right) / 2 + (0, -5, 9)
            middle = top * (0.7, 0.62, 1) + (self.rng.normal(0, 3), self.rng.normal(0, 3), 3)
            low = np.array((2 + 6.0 * (k - 1) + self.rng.normal(0, 2), 2.0, 14))
            path = _curve(
                np.stack([top, (top + middle) / 2 + (self.rng.normal(0, 2.5), 0, 0), middle, low]), 24
            )
            self._vein(path, facing)
            side = _curve(
                np.stack([middle, (middle + joints[k]) / 2 + (0, -2, 8), joints[k] + (4, -9, 9)]), 16
            )
            self._vein(side, 0.7 * facing)

    def inside_of_hand(self) -> None:
        """The palm's three great creases."""
        facing = np.clip(self.surface.normal[..., 2] * 2, 0, 1) * (self.surface.digit >= 0)
        creases = (
            ((33, 60), (16, 65), (-2, 70), (-12, 80)),
            ((-33, 62), (-12, 58), (8, 48), (24, 36)),
            ((-33, 64), (-17, 54), (-6, 36), (-6, 10)),
            ((-7, 10), (-2, 40), (-4, 66)),
        )
        for i, path in enumerate(creases):
            points = np.array([(x, y, -14.0) for x, y in path]) + self.rng.normal(0, 0.8, (len(path), 3))
            weight = facing * np.clip(0.85 + 0.15 * self.wobble, 0.5, 1.1) * (1.0 if i < 3 else 0.4)
            fine = self.stroke(_curve(points, 30), 1.1) * weight
            broad = self.stroke(_curve(points, 30), 3.2) * weight
            self.relief -= 0.3 * fine + 0.5 * broad
            self.dark += 0.16 * fine
            self.blood += 0.55 * fine + 0.2 * broad
        lines = np.abs(noise(self.shape, (3.2 * self.scale, 1.4 * self.scale), self.rng))
        self.relief -= 0.05 * np.exp(-((lines / 0.12) ** 2)) * facing

    def everywhere(self) -> None:
        """Fine wrinkles, pores and blotches."""
        shape, s = self.shape, self.scale
        cross = np.minimum(np.abs(noise(shape, 0.75 * s, self.rng)), np.abs(noise(shape, 0.55 * s, self.rng)))
        self.relief += 0.045 * np.minimum(cross, 0.5) - 0.018
        self.relief += 0.011 * noise(shape, 0.28 * s, self.rng)
        self.relief += 0.07 * noise(shape, 3.5 * s, self.rng)
        self.blood += 0.05 * layers(shape, 8 * s, 3, self.rng) + 0.05 * noise(shape, 1.1 * s, self.rng)
        self.dark += 0.012 * layers(shape, 5 * s, 3, self.rng)

    def _vein(self, path: Array, facing: Array) -> None:
        wide = self.stroke(path, 2.3) * facing
        self.relief += 0.4 * wide
        self.vein += 0.5 * wide

    def _home(self, point: Array) -> Array:
        """A picture point in the hand's own axes."""
        home: Array = self.hand.turn.T @ (point - self.hand.shift)
        return home


def size_of(field: Array) -> tuple[int, int]:
    """(height, width) of a field."""
    return field.shape[0], field.shape[1]


def _curve(points: Array, n: int) -> Array:
    """(n, 3) Catmull-Rom curve through points."""
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    out = []
    for t in np.linspace(0, len(points) - 1 - 1e-6, n):
        i, f = int(t), t % 1
        a, b, c, d = p[i : i + 4]
        out.append(
            0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)
        )
    return np.array(out)
