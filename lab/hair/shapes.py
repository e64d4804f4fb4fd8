"""Shapes around a head: backs of heads, afros, locks, buns, hats, scarves. All masks (s, s) uint8, 0 or 255."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.detect.settle import around, tilt
from models.segment.hair.frame import EYES, OVAL
from models.types import Array

Rng = np.random.Generator


@dataclass(frozen=True)
class Head:
    """A face in a picture: to_picture (2, 3) takes face units (origin its middle, x right, y down) to pixels."""

    to_picture: Array
    size: float
    oval: Array

    @classmethod
    def of(cls, landmarks: Array) -> Head:
        """The head that belongs to (n, 2) landmarks."""
        angle = tilt(landmarks[EYES[1]] - landmarks[EYES[0]])
        oval = landmarks[list(OVAL)].astype(np.float32)
        box = around(oval, angle, 1.0)
        c, s = np.cos(angle) * box.side, np.sin(angle) * box.side
        return cls(np.array([[c, -s, box.x], [s, c, box.y]]), box.side, cv2.convexHull(oval)[:, 0])

    def place(self, points: Array) -> Array:
        """(n, 2) face units to pixels."""
        out: Array = points @ self.to_picture[:, :2].T + self.to_picture[:, 2]
        return out

    def face(self, side: int, grown: float = 1.0) -> Array:
        """The face's oval."""
        middle = self.oval.mean(0)
        return _filled((self.oval - middle) * grown + middle, side)

    def ellipse(self, side: int, x: float, y: float, rx: float, ry: float) -> Array:
        """An ellipse in face units."""
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        return _filled(self.place(np.stack([x + rx * np.cos(turn), y + ry * np.sin(turn)], -1)), side)


def _filled(points: Array, side: int) -> Array:
    out = np.zeros((side, side), np.uint8)
    cv2.fillPoly(out, [np.round(np.clip(points, -4000, 4000) * 8).astype(np.int32)], (255,), cv2.LINE_AA, 3)
    return out


def behind(head: Head, side: int, rng: Rng) -> Array:
    """A head seen from behind: crown and face are hair, which may fall as far as the waist."""
    cover = head.ellipse(side, 0, -0.12, rng.uniform(0.5, 0.68), rng.uniform(0.62, 0.8)) | head.face(
        side, 1.06
    )
    if rng.random() < 0.75:
        length, top = rng.uniform(0.5, 3.2), rng.uniform(0.45, 0.62)
        wide = top * rng.uniform(0.7, 1.9)
        tip = rng.uniform(0.3, 1.0) * wide
        sway = rng.normal(0, 0.25)
        right = [(top, -0.2), (wide, 0.35 * length), (tip + sway, length)]
        left = [(-tip + sway, length), (-wide, 0.35 * length), (-top, -0.2)]
        cover = cover | _filled(head.place(np.array([*right, *left])), side)
    return cover


def around_face(head: Head, side: int, rng: Rng) -> Array:
    """Much hair around a face: an afro, or a mane that falls over the shoulders."""
    r = rng.uniform(0.7, 1.35)
    cover = head.ellipse(side, rng.normal(0, 0.1), -0.3 - 0.25 * r, r, r * rng.uniform(0.8, 1.1))
    if rng.random() < 0.5:
        length, wide = rng.uniform(0.6, 2.6), rng.uniform(0.55, 1.0)
        skirt = [(wide, -0.4), (wide * 1.1, length), (0.35, length), (0.4, 0.3), (-0.4, 0.3), (-0.35, length)]
        skirt += [(-wide * 1.1, length), (-wide, -0.4)]
        low = head.ellipse(side, 0, -0.25, 0.6, 0.65)
        cover = low | _filled(head.place(np.array(skirt)), side)
    return cover & ~_forehead(head, side, rng)


def bun(head: Head, side: int, rng: Rng) -> Array:
    """A knot on top of the head or beside it."""
    angle = rng.uniform(-2.4, 2.4)
    r, far = rng.uniform(0.2, 0.45), rng.uniform(0.8, 1.1)
    return head.ellipse(
        side, far * np.sin(angle), -0.15 - far * np.cos(angle), r, r * rng.uniform(0.8, 1.2)
    ) & ~head.face(side)


def locks(head: Head, side: int, rng: Rng) -> tuple[Array, Array]:
    """Braids or dreadlocks that hang from the crown: what they cover, and their own light and shade (128 is even)."""
    from_behind = rng.random() < 0.35
    cover = head.ellipse(side, 0, -0.25, rng.uniform(0.52, 0.66), rng.uniform(0.55, 0.75))
    if from_behind:
        cover |= head.face(side, 1.05)
    else:
        cover &= ~_forehead(head, side, rng)
    shade = np.full((side, side), 128, np.uint8)
    length = rng.uniform(0.5, 2.8)
    thick = max(1.0, rng.uniform(0.04, 0.16) * head.size)
    for _ in range(int(rng.integers(14, 46))):
        x0 = rng.uniform(-0.6, 0.6) if from_behind else rng.choice([-1, 1]) * rng.uniform(0.42, 0.66)
        y0 = rng.uniform(-0.7, 0.3) if from_behind else rng.uniform(-0.5, 0.1)
        t = np.linspace(0, 1, 12)
        x = x0 + rng.normal(0, 0.35) * t + np.sign(x0) * 0.3 * np.sin(2 * t) * rng.uniform(0, 1)
        y = y0 + length * rng.uniform(0.6, 1.0) * t
        line = np.round(head.place(np.stack([x + 0.03 * np.sin(9 * t + x0), y], -1)) * 8).astype(np.int32)[
            None
        ]
        tone = rng.uniform(95, 175)
        cv2.polylines(cover, line, False, (255,), max(1, round(thick)), cv2.LINE_AA, 3)
        cv2.polylines(shade, line, False, (tone * 0.5,), max(1, round(thick)), cv2.LINE_AA, 3)
        cv2.polylines(shade, line, False, (tone,), max(1, round(thick * 0.6)), cv2.LINE_AA, 3)
    return cover, shade


def hat(head: Head, side: int, rng: Rng) -> Array:
    """A cap, hat or band of cloth above the brows."""
    low = rng.uniform(-0.42, -0.22)
    crown = head.ellipse(side, 0, low, rng.uniform(0.52, 0.78), rng.uniform(0.4, 1.0))
    rim = low + rng.uniform(-0.05, 0.05)
    half = np.array([(-3, rim), (3, rim), (3, -4), (-3, -4)])
    cover = crown & _filled(head.place(half), side)
    if rng.random() < 0.5:
        cover |= head.ellipse(side, rng.normal(0, 0.15), low, rng.uniform(0.6, 1.3), rng.uniform(0.06, 0.22))
    return cover


def scarf(head: Head, side: int, rng: Rng) -> Array:
    """Cloth around head, neck and shoulders, or a turban."""
    cover = head.ellipse(side, 0, -0.1, rng.uniform(0.62, 0.8), rng.uniform(0.75, 0.95))
    if rng.random() < 0.5:
        wide = rng.uniform(0.7, 1.5)
        cover |= _filled(head.place(np.array([(-0.6, 0), (0.6, 0), (wide, 1.6), (-wide, 1.6)])), side)
    else:
        upper = _filled(head.place(np.array([(-3, -0.25), (3, -0.25), (3, -4), (-3, -4)])), side)
        cover = upper & head.ellipse(side, 0, -0.4, rng.uniform(0.6, 0.95), rng.uniform(0.5, 0.9))
    return cover & ~head.face(side, 0.93)


def skull(head: Head, side: int) -> Array:
    """Where a bald head is."""
    return head.ellipse(side, 0, -0.14, 0.56, 0.68)


def _forehead(head: Head, side: int, rng: Rng) -> Array:
    """The face, with the hair somewhat into the forehead or not."""
    return head.face(side, rng.uniform(0.84, 1.02))
