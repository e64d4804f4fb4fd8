"""Batches of augmented pictures, always the same for the same generator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lab.hair import augment, strands
from lab.hair.data import Shelf
from lab.hair.shapes import Head
from lab.nails.augment import cut_out, developed, shaded, shot
from models.detect.square import Square
from models.segment.hair.frame import EYES, drawn, from_photo, head
from models.types import Array

Rng = np.random.Generator
TILES = 98
NOBODY = 5
"""Mean cover of persons, of 255, in a view that passes for empty."""
LOWER_FACE = (234, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132)
"""Of the mesh's oval, below the ears: hair inside is a beard, which is none."""


@dataclass(frozen=True)
class Habits:
    """How often what is done to a picture."""

    made: float = 0.24
    dyed: float = 0.25
    structured: float = 0.25
    hats: float = 0.12
    shaved: float = 0.08
    deepened: float = 0.25
    elsewhere: float = 0.22
    empty: float = 0.12
    near: float = 0.6
    nearest: tuple[float, float] = (0.42, 0.95)
    light: float = 0.85
    camera: float = 0.8
    faceless: float = 0.12


LEARNING = Habits()
FINISHING = Habits(
    made=0.14,
    dyed=0.12,
    structured=0.12,
    hats=0.12,
    shaved=0.08,
    elsewhere=0.1,
    near=0.65,
    nearest=(0.42, 0.8),
    light=0.55,
    camera=0.45,
    faceless=0.08,
)


@dataclass(frozen=True)
class Batch:
    """image: (n, s, s, 4) uint8, RGB and drawn faces; hair: (n, s, s) uint8, 0 to 255."""

    image: Array
    hair: Array


@dataclass(frozen=True)
class Library:
    """The shelves, made hair, and how often what is done."""

    labelled: Shelf
    ground: Shelf
    tiles: Array
    habits: Habits

    @classmethod
    def open(cls, cache: Path, habits: Habits) -> Library:
        """Map the shelves and make the tiles."""
        labelled, ground = (Shelf.open(cache, name) for name in ("labelled", "ground"))
        return cls(labelled, ground, strands.tiles(TILES, np.random.default_rng(7)), habits)


def batch(library: Library, side: int, count: int, rng: Rng) -> Batch:
    """A batch of one size."""
    made = [_picture(library, side, rng) for _ in range(count)]
    return Batch(*(np.stack(part) for part in zip(*made, strict=True)))


def _picture(library: Library, side: int, rng: Rng) -> tuple[Array, Array]:
    habits = library.habits
    shelf = library.ground if rng.random() < habits.empty else library.labelled
    i = int(rng.integers(len(shelf.records)))
    size = shelf.records[i].size
    faces = shelf.landmarks[i]
    to_side = _view(size, faces, shelf.hair[i], side, rng, habits)
    rgb, hair, person = (
        cv2.warpAffine(np.ascontiguousarray(part[: size[0], : size[1]]), to_side, (side, side))
        for part in (shelf.images[i], shelf.hair[i], shelf.person[i])
    )
    if shelf is library.ground and (draw := rng.random()) < 0.6:
        rgb = _ramp(side, rng) if draw < 0.2 else _street(library, side, rng)
    marks = [_mapped(face, to_side) for face in faces]
    for face in marks:
        _without_beard(hair, face)
    hidden = not marks or rng.random() < habits.faceless
    if rng.random() < habits.elsewhere and shelf is not library.ground:
        augment.placed_elsewhere(rgb, person, _ground(library, side, rng))
    one = Head.of(marks[0]) if marks else None
    draw = rng.random()
    if draw < habits.dyed:
        augment.dyed(rgb, hair, rng)
    elif draw < habits.dyed + habits.structured:
        augment.structured(rgb, hair, library.tiles, one.size if one else side / 3, rng)
    if one is not None and rng.random() < habits.deepened:
        augment.deepened(rgb, hair, one, rng)
    draw = rng.random()
    if one is None or not 6 < one.size < 2 * side:
        pass
    elif draw < habits.made:
        hidden |= augment.grown(rgb, hair, one, library.tiles, rng)
    elif draw < habits.made + habits.hats:
        augment.covered(rgb, hair, one, library.tiles, rng)
    elif draw < habits.made + habits.hats + habits.shaved:
        augment.shaved(rgb, hair, one)
    if rng.random() < habits.light:
        rgb = developed(rgb, rng)
        if rng.random() < 0.25:
            rgb = shaded(rgb, rng)
    if rng.random() < 0.06:
        rgb = np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    if rng.random() < habits.camera:
        rgb = shot(rgb, rng)
    if rng.random() < 0.1:
        cut_out(rgb, hair, rng)
    face = np.zeros((side, side), np.uint8) if hidden else drawn(marks, np.eye(2, 3), side)
    return np.dstack([rgb, face]), hair


def _view(size: tuple[int, int], faces: Array, hair: Array, side: int, rng: Rng, habits: Habits) -> Array:
    """(2, 3) map from a picture to a square view: the product's own frame, the whole, or anything closer."""
    h, w = size
    draw = rng.random()
    if len(faces):
        frame = head(faces[0], size)
        if draw < habits.near:
            near = frame.side * rng.uniform(*habits.nearest)
            low, high = faces[0].min(0), faces[0].max(0)
            x, y = (low + high) / 2 + rng.normal(0, 0.1, 2) * near
            y += rng.uniform(-0.12, 0.12) * near
            frame = Square(float(x), float(y), near)
        elif draw < habits.near + 0.15:
            frame = Square(w / 2, h / 2, max(h, w))
    else:
        frame = Square(w / 2, h / 2, max(h, w))
        if draw < habits.near and hair.any():
            rows, cols = np.nonzero(hair > 127)
            reach = max(int(np.ptp(rows)), int(np.ptp(cols)), 20)
            frame = Square(float(cols.mean()), float(rows.mean()), reach * rng.uniform(1.1, 2.5))
    angle = rng.normal(0, 0.18) if rng.random() < 0.8 else rng.uniform(-0.6, 0.6)
    frame = Square(
        frame.x + rng.normal(0, 0.03) * frame.side,
        frame.y + rng.normal(0, 0.03) * frame.side,
        frame.side * float(np.exp(rng.normal(0, 0.1))),
        frame.angle + angle,
    )
    to_side = from_photo(frame, side)
    stretch = float(np.exp(rng.normal(0, 0.06)))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    to_side = np.diag([stretch * flip, 1 / stretch]) @ to_side
    if flip < 0:
        to_side[0, 2] += side * stretch
    return to_side


def _mapped(face: Array, to_side: Array) -> Array:
    """Landmarks of a view; in a mirrored one the corners of the eyes change places."""
    out: Array = (face @ to_side[:, :2].T + to_side[:, 2]).astype(np.float32)
    if np.linalg.det(to_side[:, :2]) < 0:
        out[list(EYES)] = out[list(EYES[::-1])]
    return out


def _without_beard(hair: Array, face: Array) -> None:
    """Take hair away that lies inside the lower half of a face."""
    hull = cv2.convexHull(face[list(LOWER_FACE)].astype(np.float32))[:, 0]
    middle = hull.mean(0)
    cv2.fillConvexPoly(hair, np.round((hull - middle) * 0.9 + middle).astype(np.int32), (0,))


def _ground(library: Library, side: int, rng: Rng) -> Array:
    shelf = library.ground
    if rng.random() < 0.25:
        return _ramp(side, rng)
    i = int(rng.integers(len(shelf.records)))
    h, w = shelf.records[i].size
    part = rng.uniform(0.5, 1.0)
    rows, cols = max(8, int(h * part)), max(8, int(w * part))
    y, x = int(rng.integers(0, h - rows + 1)), int(rng.integers(0, w - cols + 1))
    cut = np.ascontiguousarray(shelf.images[i, y : y + rows, x : x + cols])
    return cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA)


def _street(library: Library, side: int, rng: Rng) -> Array:
    """A part of a labelled photo in which the person net sees nobody; a ramp where it finds none soon."""
    shelf = library.labelled
    for _ in range(6):
        i = int(rng.integers(len(shelf.records)))
        h, w = shelf.records[i].size
        edge = int(min(h, w) * rng.uniform(0.25, 0.7))
        y, x = int(rng.integers(0, h - edge + 1)), int(rng.integers(0, w - edge + 1))
        view = (i, slice(y, y + edge), slice(x, x + edge))
        if shelf.person[view].mean() < NOBODY and not shelf.hair[view].any():
            out: Array = cv2.resize(
                np.ascontiguousarray(shelf.images[view]), (side, side), interpolation=cv2.INTER_LINEAR
            )
            return out
    return _ramp(side, rng)


def _ramp(side: int, rng: Rng) -> Array:
    """An even or nearly even picture of any colour, black and white among them."""
    corners = (
        rng.integers(0, 256, (2, 2, 3)) if rng.random() < 0.6 else np.full((2, 2, 3), rng.integers(0, 256, 3))
    )
    if rng.random() < 0.3:
        corners = corners // 12 + int(rng.choice([0, 233]))
    out: Array = cv2.resize(corners.astype(np.uint8), (side, side), interpolation=cv2.INTER_LINEAR)
    return out
